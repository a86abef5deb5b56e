// RecordsDomain: what a prescription is checked against and what advice is made of, as functions of values. It knows no
// patient, no database and no model; those are the service's.

/// A row of the medicine table: one substance, under its international name.
package struct Medicine: Sendable, Equatable {
    /// As an adult usually takes it.
    package struct Dose: Sendable, Equatable {
        package let dosage: String
        package let frequency: String
        package let duration: String
        package let instructions: String?
    }

    /// A limit, and whether going beyond it is severe.
    package struct Bound<Value: Sendable & Equatable>: Sendable, Equatable {
        package let value: Value
        package let severity: Severity
    }

    /// What is known of it in pregnancy.
    package enum Pregnancy: String, Sendable, CaseIterable { case avoid, caution, ok }

    package let name: String
    /// Of the Anatomical Therapeutic Chemical classification.
    package let atc: String
    package let classes: [String]
    package let dose: Dose?
    /// The most milligrams an adult takes in a week, by any label.
    package let weeklyLimit: Double?
    /// In whole years.
    package let minimumAge: Bound<Int>?
    package let pregnancy: Pregnancy
    /// Tags of `[uses]`, the first its main one.
    package let uses: [String]
    /// Tags of `[conditions]`.
    package let contraindications: [Bound<String>]
}

/// How much a warning weighs. Only a severe one asks for a reason, and keeps advice from naming the medicine.
package enum Severity: String, Sendable, CaseIterable, Comparable {
    case info, moderate, severe

    private var weight: Int {
        switch self {
        case .info: 0
        case .moderate: 1
        case .severe: 2
        }
    }

    package static func < (one: Severity, other: Severity) -> Bool { one.weight < other.weight }
}

/// Medicines that share a rule.
package struct MedicineClass: Sendable, Equatable {
    package let code: String
    package let name: String
    /// An allergy to one member is taken as one to all.
    package let isOneAllergy: Bool
    /// Two members together are one medicine given twice.
    package let isOneAtATime: Bool
}

/// What a written name stands for: a medicine, or a class where somebody wrote no more than that.
package struct Substance: Sendable, Equatable {
    package let name: String
    /// Its own name as rules write it, and its classes.
    let codes: Set<String>
    package let medicine: Medicine?

    init(_ medicine: Medicine) {
        name = medicine.name
        codes = Set(medicine.classes + [medicine.name])
        self.medicine = medicine
    }

    init(_ group: MedicineClass) {
        name = group.name
        codes = [group.code]
        medicine = nil
    }
}
