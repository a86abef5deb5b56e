import JSON
import Kernel
import RegistryDomain

/// The form in which a patient's details are sealed: compact JSON of what is there. Its keys are stored and never
/// renamed.
enum PatientDocument {
    static func bytes(of details: PatientDetails) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("first_name", details.firstName)
            json.field("last_name", details.lastName)
            json.kept("email", details.email?.text)
            json.kept("phone", details.phone)
            json.kept("date_of_birth", details.dateOfBirth?.description)
            json.kept("gender", details.gender?.rawValue)
            json.kept("blood_group", details.bloodGroup?.rawValue)
            json.kept("allergies", details.allergies)
            json.kept("medical_history", details.medicalHistory)
            json.kept("current_medications", details.currentMedications)
            json.kept("emergency_contact_name", details.emergencyContactName)
            json.kept("emergency_contact_phone", details.emergencyContactPhone)
            json.kept("emergency_contact_relationship", details.emergencyContactRelationship)
            json.kept("insurance_provider", details.insuranceProvider)
            json.kept("insurance_policy_number", details.insurancePolicyNumber)
            json.kept("address", details.address)
            json.kept("city", details.city)
            json.kept("state", details.state)
            json.kept("zip", details.zip)
            json.kept("country", details.country)
        }
        return json.bytes
    }

    /// Nil when these are not the bytes of a patient.
    static func details(in bytes: [UInt8]) -> PatientDetails? {
        guard let json = try? JSONReader.read(bytes), let first = json["first_name"]?.string,
            let last = json["last_name"]?.string
        else { return nil }
        var details = PatientDetails(firstName: first, lastName: last)
        guard let email = json.read("email", Email.stored),
            let birth = json.read("date_of_birth", { CalendarDate($0) }),
            let gender = json.read("gender", Gender.init), let blood = json.read("blood_group", BloodGroup.init)
        else { return nil }
        details.email = email
        details.dateOfBirth = birth
        details.gender = gender
        details.bloodGroup = blood
        details.phone = json["phone"]?.string
        details.allergies = json["allergies"]?.string
        details.medicalHistory = json["medical_history"]?.medicalHistory
        details.currentMedications = json["current_medications"]?.string
        details.emergencyContactName = json["emergency_contact_name"]?.string
        details.emergencyContactPhone = json["emergency_contact_phone"]?.string
        details.emergencyContactRelationship = json["emergency_contact_relationship"]?.string
        details.insuranceProvider = json["insurance_provider"]?.string
        details.insurancePolicyNumber = json["insurance_policy_number"]?.string
        details.address = json["address"]?.string
        details.city = json["city"]?.string
        details.state = json["state"]?.string
        details.zip = json["zip"]?.string
        details.country = json["country"]?.string
        return details
    }
}

extension JSONWriter {
    fileprivate mutating func kept(_ key: StaticString, _ text: String?) {
        if let text { field(key, text) }
    }

    /// A text or a list, as it was written.
    fileprivate mutating func kept(_ name: StaticString, _ history: MedicalHistory?) {
        switch history {
        case .text(let text): field(name, text)
        case .entries(let entries):
            key(name)
            array { json in
                for entry in entries { json.string(entry) }
            }
        case nil: break
        }
    }
}

extension JSONValue {
    fileprivate var medicalHistory: MedicalHistory? {
        string.map { .text($0) } ?? array.map { .entries($0.compactMap(\.string)) }
    }

    /// What stands under the key: nil inside when nothing does, nil outside when it cannot be read.
    fileprivate func read<Value>(_ key: String, _ parse: (String) -> Value?) -> Value?? {
        guard let text = self[key]?.string else { return .some(nil) }
        return parse(text).map { .some($0) }
    }
}
