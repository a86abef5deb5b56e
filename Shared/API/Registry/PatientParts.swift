import Forms
import JSON
import Kernel

/// Whom to call about a patient; each part may be unknown.
package struct EmergencyContact: View, Equatable {
    package let name: String?
    package let phone: String?
    package let relationship: String?

    package init(name: String?, phone: String?, relationship: String?) {
        self.name = name
        self.phone = phone
        self.relationship = relationship
    }

    package static let shape = Shape<EmergencyContact>(
        "EmergencyContact", .maybe("name") { $0.name }, .maybe("phone") { $0.phone },
        .maybe("relationship") { $0.relationship })

    fileprivate static let form = Form(
        .unlessBlank(.text("name", 0...100)), .unlessBlank(.phone("phone")), .unlessBlank(.text("relationship", 0...50))
    )
}

/// Who pays for a patient's care.
package struct InsuranceInfo: View, Equatable {
    package let provider: String?
    package let policyNumber: String?

    package init(provider: String?, policyNumber: String?) {
        self.provider = provider
        self.policyNumber = policyNumber
    }

    package static let shape = Shape<InsuranceInfo>(
        "InsuranceInfo", .maybe("provider") { $0.provider }, .maybe("policy_number") { $0.policyNumber })

    fileprivate static let form = Form(
        .unlessBlank(.text("provider", 0...200)), .unlessBlank(.text("policy_number", 0...100)))
}

extension Field where Value == EmergencyContact {
    static func emergencyContact(_ name: String) -> Field<EmergencyContact> {
        .object(name, EmergencyContact.form.properties) { source, faults in
            EmergencyContact.form.read(source, into: faults).map {
                EmergencyContact(name: $0.0, phone: $0.1?.text, relationship: $0.2)
            }
        }
    }
}

extension Field where Value == InsuranceInfo {
    static func insuranceInfo(_ name: String) -> Field<InsuranceInfo> {
        .object(name, InsuranceInfo.form.properties) { source, faults in
            InsuranceInfo.form.read(source, into: faults).map { InsuranceInfo(provider: $0.0, policyNumber: $0.1) }
        }
    }
}

extension Field where Value == [String] {
    /// All entries together fit into the one text of `/api/patients`.
    static func medicalHistory(_ name: String) -> Field<[String]> {
        .texts(name, 1...1000, atMost: 100).checked { entries in
            let count = entries.reduce(entries.count) { $0 + $1.unicodeScalars.count }
            return count > 20_000 ? "Ensure all entries together have no more than 20000 characters." : nil
        }
    }
}

extension Field where Value == Gender {
    /// In the words of seed 003, in any case.
    static func genderWord(_ name: String) -> Field<Gender> {
        let words = Gender.allCases.map(\.word)
        return Field(name, .string(oneOf: words)) { value, refuse in
            let given = value.string.map { CleanText.trimmed($0).lowercased() }
            if let gender = Gender.allCases.first(where: { $0.word == given }) { return gender }
            refuse("Must be one of: \(words.joined(separator: ", ")).")
            return nil
        }
    }
}

extension Field where Value == CalendarDate {
    /// The birthday of somebody who has had at least so many, today's included; the day is UTC's.
    static func birthDate(_ name: String, atLeast years: Int) -> Field<CalendarDate> {
        let date = Field<CalendarDate>.birthDate(name)
        return Field(properties: date.properties, presence: date.presence) { source, faults in
            guard let day = date.read(source, faults) else { return nil }
            if day.completedYears(until: source.today) >= years { return day }
            faults.add(name, "Must be at least \(years) years old")
            return nil
        }
    }
}
