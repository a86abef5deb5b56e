import Kernel
import RegistryDomain
import Testing

@Suite struct PatientSearchTests {
    static let jane: PatientDetails = {
        var details = PatientDetails(firstName: "Jane", lastName: "Müller-Smith")
        details.email = Email("J.Smith@Example.com")
        details.city = "Chicago"
        return details
    }()

    @Test(arguments: ["jane", "JANE", "ane", "müller", "MÜLLER", "smith jane", "example.com", "j", "-"])
    func `each word is looked for in the names and the email, in any case`(text: String) throws {
        let search = try #require(PatientSearch(text))
        #expect(search.matches(SearchedTexts(of: Self.jane)))
    }

    @Test(arguments: ["john", "jane doe", "chicago", "janem", "smithj"])
    func `what is in no searched field is not found`(text: String) throws {
        #expect(try !#require(PatientSearch(text)).matches(SearchedTexts(of: Self.jane)))
    }

    @Test func `blanks are no search`() throws {
        #expect(PatientSearch(" \t ") == nil)
        #expect(try #require(PatientSearch(" Ja  S ")).words == ["ja", "s"])
    }
}
