import API
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
    static func details(in bytes: [UInt8]) -> PatientDetails? { inOrder(bytes) ?? inAnyOrder(bytes) }

    /// The texts of a view, where they stand in these bytes. Nil when the members do not stand as they are written
    /// above, or one is shown otherwise than it is kept.
    static func texts(in bytes: [UInt8]) -> JSONStrings? {
        var members = JSONOrderedMembers(bytes)
        var texts = JSONStrings(in: bytes)
        guard let first = members.place("first_name"), let last = members.place("last_name") else { return nil }
        texts.set(.firstName, at: first)
        texts.set(.lastName, at: last)
        texts.set(.email, at: members.place("email"))
        texts.set(.phone, at: members.place("phone"))
        texts.set(.dateOfBirth, at: members.place("date_of_birth"))
        texts.set(.gender, at: members.place("gender"))
        texts.set(.bloodGroup, at: members.place("blood_group"))
        texts.set(.allergies, at: members.place("allergies"))
        texts.set(.medicalHistory, at: members.place("medical_history"))
        texts.set(.currentMedications, at: members.place("current_medications"))
        texts.set(.emergencyContactName, at: members.place("emergency_contact_name"))
        texts.set(.emergencyContactPhone, at: members.place("emergency_contact_phone"))
        // Of these the view says nothing.
        for key in ["emergency_contact_relationship", "insurance_provider", "insurance_policy_number"] as [StaticString]
        {
            _ = members.place(key)
        }
        texts.set(.address, at: members.place("address"))
        texts.set(.city, at: members.place("city"))
        texts.set(.state, at: members.place("state"))
        _ = members.place("zip")
        texts.set(.country, at: members.place("country"))
        return members.isWhole ? texts : nil
    }

    /// What a search looks into, read without the rest, which is most of it. Nil when these are not the bytes of a
    /// patient.
    static func searchTexts(in bytes: [UInt8]) -> SearchedTexts? {
        var members = JSONOrderedMembers(bytes)
        guard let first = members.text("first_name"), let last = members.text("last_name") else {
            return inAnyOrder(bytes).map { SearchedTexts(of: $0) }
        }
        return SearchedTexts(firstName: first, lastName: last, email: members.text("email"))
    }

    /// The members in the order in which they are written above. What was sealed by us was read as an email or a date
    /// before, and is not looked at again.
    private static func inOrder(_ bytes: [UInt8]) -> PatientDetails? {
        var members = JSONOrderedMembers(bytes)
        guard let first = members.text("first_name"), let last = members.text("last_name") else { return nil }
        var details = PatientDetails(firstName: first, lastName: last)
        details.email = members.text("email").flatMap(Email.stored)
        details.phone = members.text("phone")
        let birth = members.text("date_of_birth")
        let gender = members.text("gender")
        let blood = members.text("blood_group")
        details.allergies = members.text("allergies")
        details.medicalHistory =
            members.text("medical_history").map { .text($0) } ?? members.texts("medical_history").map { .entries($0) }
        details.currentMedications = members.text("current_medications")
        details.emergencyContactName = members.text("emergency_contact_name")
        details.emergencyContactPhone = members.text("emergency_contact_phone")
        details.emergencyContactRelationship = members.text("emergency_contact_relationship")
        details.insuranceProvider = members.text("insurance_provider")
        details.insurancePolicyNumber = members.text("insurance_policy_number")
        details.address = members.text("address")
        details.city = members.text("city")
        details.state = members.text("state")
        details.zip = members.text("zip")
        details.country = members.text("country")
        return members.isWhole && details.take(birth: birth, gender: gender, blood: blood) ? details : nil
    }

    private static func inAnyOrder(_ bytes: [UInt8]) -> PatientDetails? {
        guard let json = try? JSONReader.read(bytes), let first = json["first_name"]?.string,
            let last = json["last_name"]?.string
        else { return nil }
        var details = PatientDetails(firstName: first, lastName: last)
        details.email = json["email"]?.string.flatMap(Email.stored)
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
        let isKnown = details.take(
            birth: json["date_of_birth"]?.string, gender: json["gender"]?.string, blood: json["blood_group"]?.string)
        return isKnown ? details : nil
    }
}

extension PatientDetails {
    /// False when a text is none of its type's.
    fileprivate mutating func take(birth: String?, gender: String?, blood: String?) -> Bool {
        dateOfBirth = birth.flatMap { CalendarDate($0) }
        self.gender = gender.flatMap(Gender.init(rawValue:))
        bloodGroup = blood.flatMap(BloodGroup.init(rawValue:))
        return (dateOfBirth == nil) == (birth == nil) && (self.gender == nil) == (gender == nil)
            && (bloodGroup == nil) == (blood == nil)
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
}
