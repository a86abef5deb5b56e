import Kernel
import Testing

@Suite struct PostalCodeTests {
    @Test(arguments: [
        "02101", "02101-1234", "101", "K1A 0B1", "SW1A 1AA", "1012 AB", "110 00", "D02 AF30", "00-950", "12345-67890",
    ])
    func `codes of many countries are codes`(text: String) {
        #expect(PostalCode(text)?.text == text)
    }

    @Test(arguments: [
        "", "12", "ABCDE", "12345678901", "12--34", "-1234", "1234 ", "12_34", "①②③④", "12345\n", "٠٢١٠١",
    ])
    func `what no post knows is nil`(text: String) {
        #expect(PostalCode(text) == nil)
    }
}
