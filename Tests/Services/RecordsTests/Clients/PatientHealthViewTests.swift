import API
import JSON
import Kernel
import Testing

/// What registry answers about a patient's health, as records reads it.
struct PatientHealthViewTests {
    private static let whole: JSONValue = [
        "full_name": "Ada Lovelace", "date_of_birth": "1990-05-15", "gender": "F", "allergies": "Penicillin",
        "current_medications": .null, "medical_history": "Asthma",
    ]

    private static func changed(_ key: String, _ value: JSONValue?) -> JSONValue {
        var members = whole.object ?? []
        members.removeAll { $0.key == key }
        if let value { members.append(.init(key: key, value: value)) }
        return .object(members)
    }

    @Test func `what was written is read, and null is not recorded`() throws {
        let view = try #require(PatientHealthView(Self.whole))
        #expect(view.fullName == "Ada Lovelace" && view.dateOfBirth == CalendarDate("1990-05-15"))
        #expect(view.gender == .female && view.allergies == "Penicillin" && view.medicalHistory == "Asthma")
        #expect(view.currentMedications == nil)
    }

    @Test func `a release that gives no name is read all the same`() {
        #expect(PatientHealthView(Self.changed("full_name", nil))?.allergies == "Penicillin")
    }

    @Test(
        arguments: [
            ("allergies", nil), ("allergies", ["Penicillin"]), ("allergies", 7), ("current_medications", nil),
            ("current_medications", [:]), ("medical_history", true), ("medical_history", nil),
            ("date_of_birth", "15.05.1990"), ("gender", "unheard of"),
        ] as [(String, JSONValue?)])
    func `what is not as registry writes it is no answer, and never nothing recorded`(
        key: String, value: JSONValue?
    ) {
        #expect(PatientHealthView(Self.changed(key, value)) == nil)
        #expect(PatientHealthView(.array([])) == nil && PatientHealthView(.null) == nil)
    }
}
