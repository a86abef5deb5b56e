/// A postal code of any country, as far as all of them agree: 3 to 10 letters and digits with a digit among them,
/// single blanks or hyphens between (`02101`, `02101-1234`, `SW1A 1AA`). Kept as written.
package struct PostalCode: Hashable, Sendable {
    package let text: String

    package init?(_ written: String) {
        let groups = written.utf8.split(omittingEmptySubsequences: false) { $0 == 0x20 || $0 == UInt8(ascii: "-") }
        guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy { Self.isDigit($0) || Self.isLetter($0) } }) else {
            return nil
        }
        let characters = groups.joined()
        guard (3...10).contains(characters.reduce(0) { count, _ in count + 1 }),
            characters.contains(where: Self.isDigit)
        else { return nil }
        text = written
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
}
