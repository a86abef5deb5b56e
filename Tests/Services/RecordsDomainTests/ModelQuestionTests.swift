import RecordsDomain
import Testing

struct ModelQuestionTests {
    private func asked(_ symptoms: String, allergies: String? = nil, age: Int? = nil) -> ModelQuestion {
        ModelQuestion(
            AdviceQuestion(symptoms: symptoms, person: PrescribingCase.Person(allergies: allergies, age: age)),
            Table.embedded)
    }

    @Test(arguments: [
        ("mail ada@example.com now", "mail … now"), ("call +49 151 1234567 soon", "call … … … soon"),
        ("call 030 12 34 56", "call … … … …"), ("born 12.03.1985", "born …"), ("see https://x.example/me", "see …"),
        ("id A1234567", "id …"), ("fever of 39.5 for 3 days", "fever of 39.5 for 3 days"),
        ("500 mg twice, 2 times", "500 mg twice, 2 times"), ("www.ada.example", "…"),
    ])
    func `what tells who somebody is stays here`(text: String, told: String) { #expect(asked(text).symptoms == told) }

    @Test func `allergies are told by the names of the table, in one order`() {
        #expect(
            asked("x y z", allergies: "Panadol; penicillin, Mrs Miller").allergies == ["Paracetamol", "penicillins"])
        #expect(asked("x", allergies: "penicillin, paracetamol") == asked("x", allergies: "Paracetamol; Penicillins"))
    }

    @Test func `an age is told as a band`() {
        #expect(asked("x", age: 40).ageBand == asked("x", age: 18).ageBand)
        #expect(asked("x", age: 11).ageBand != asked("x", age: 12).ageBand && asked("x").ageBand == nil)
    }

    @Test func `questions that differ in case and blanks alone are equal`() {
        #expect(asked("Fever  and\ncough").comparableSymptoms == asked("fever and COUGH").comparableSymptoms)
    }
}
