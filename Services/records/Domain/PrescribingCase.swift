/// Whom medicines are for, as far as it was recorded, and what is to be prescribed.
package struct PrescribingCase: Sendable, Equatable {
    /// A medicine as somebody wrote it.
    package struct NewMedicine: Sendable, Equatable {
        package let name: String
        package let dosage: String
        package let frequency: String

        package init(name: String, dosage: String = "", frequency: String = "") {
            self.name = name
            self.dosage = dosage
            self.frequency = frequency
        }
    }

    /// The person whom medicines are for. Nil is what was not recorded, which is not the same as none.
    package struct Person: Sendable, Equatable {
        package var allergies: String?
        package var currentMedicines: String?
        package var problems: String?
        /// In whole years.
        package var age: Int?
        package var isPregnant: Bool?
        /// False where it is known that the person cannot be pregnant.
        package var mayBePregnant = true

        package init(
            allergies: String? = nil, currentMedicines: String? = nil, problems: String? = nil, age: Int? = nil,
            isPregnant: Bool? = nil, mayBePregnant: Bool = true
        ) {
            self.allergies = allergies
            self.currentMedicines = currentMedicines
            self.problems = problems
            self.age = age
            self.isPregnant = isPregnant
            self.mayBePregnant = mayBePregnant
        }

        /// Whether a pregnancy nobody recorded is possible at all.
        var pregnancyIsOpen: Bool { isPregnant == nil && mayBePregnant && (12...55).contains(age ?? 30) }
    }

    package var person: Person
    package var medicines: [NewMedicine]

    package init(person: Person, medicines: [NewMedicine]) {
        self.person = person
        self.medicines = medicines
    }
}

/// What a check says of a medicine.
package struct PrescribingWarning: Sendable, Equatable {
    /// What kind of warning it is; documented, and never renamed.
    package enum Code: String, Sendable, CaseIterable {
        case allergy
        case crossAllergy = "cross_allergy"
        case duplicate, interaction, contraindication, age, pregnancy, dose
        /// The medicine is not in the table: nothing was checked for it.
        case unknownMedicine = "unknown_medicine"
        /// Something could not be checked, and what.
        case checkIncomplete = "check_incomplete"
    }

    package let code: Code
    package let severity: Severity
    /// As it was written; nil where it is about the person.
    package let medicine: String?
    /// The allergy, the other medicine or the condition.
    package let with: String?
    package let text: String

    package init(
        _ code: Code, _ severity: Severity, about medicine: String? = nil, with: String? = nil, _ text: String
    ) {
        self.code = code
        self.severity = severity
        self.medicine = medicine
        self.with = with
        self.text = text
    }
}
