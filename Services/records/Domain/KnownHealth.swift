package import Kernel

/// What is known of a patient's health, from the records here and from registry, as far as each could be asked.
package struct KnownHealth: Sendable, Equatable {
    /// What one of the two says. Nil is not recorded there.
    package struct Part: Sendable, Equatable {
        package var allergies: String?
        package var currentMedicines: String?
        package var problems: String?
        package var dateOfBirth: CalendarDate?
        package var gender: Gender?

        package init() {}
    }

    package let parts: [Part]
    /// Whether everything that keeps some of it was asked.
    package let isComplete: Bool

    package init(parts: [Part], isComplete: Bool) {
        self.parts = parts
        self.isComplete = isComplete
    }

    /// Of somebody of whom nothing is kept anywhere.
    package static let nothing = KnownHealth(parts: [], isComplete: true)

    package var gender: Gender? { parts.lazy.compactMap(\.gender).first }

    /// The person for the checks: what both say is taken together.
    package func person(on day: CalendarDate) -> PrescribingCase.Person {
        PrescribingCase.Person(
            allergies: joined(\.allergies), currentMedicines: joined(\.currentMedicines), problems: joined(\.problems),
            age: parts.lazy.compactMap(\.dateOfBirth).first.map { $0.completedYears(until: day) },
            mayBePregnant: gender != .male)
    }

    private func joined(_ part: KeyPath<Part, String?>) -> String? {
        let texts = parts.compactMap { $0[keyPath: part] }
        return texts.isEmpty ? nil : texts.joined(separator: "\n")
    }
}

extension PrescribingCheck {
    /// All warnings about new medicines for a person of whom this is known; that something could not be asked is one.
    package static func warnings(
        of medicines: [PrescriptionContent.Medicine], for health: KnownHealth, on day: CalendarDate,
        _ table: MedicineTable
    ) -> [PrescribingWarning] {
        let written = medicines.map {
            PrescribingCase.NewMedicine(name: $0.name, dosage: $0.dosage, frequency: $0.frequency)
        }
        // Nothing is prescribed: there is nothing to check.
        if written.isEmpty { return [] }
        let found = PrescribingCheck(PrescribingCase(person: health.person(on: day), medicines: written), table)
            .warnings
        return (health.isComplete ? [] : [unasked]) + found
    }

    /// Said where something that is kept of the person could not be read.
    static let unasked = PrescribingWarning(
        .checkIncomplete, .moderate,
        "The patient's records could not be asked: allergies and medicines kept there were not checked.")
}
