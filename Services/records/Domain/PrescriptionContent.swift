package import Kernel

/// What a doctor prescribes: what is in a prescription besides the people and the place.
package struct PrescriptionContent: Sendable, Equatable {
    /// A medicine as it is to be taken.
    package struct Medicine: Sendable, Equatable {
        package let name: String
        package let dosage: String
        package let frequency: String
        package let duration: String
        package let instructions: String?

        package init(name: String, dosage: String, frequency: String, duration: String, instructions: String?) {
            self.name = name
            self.dosage = dosage
            self.frequency = frequency
            self.duration = duration
            self.instructions = instructions
        }
    }

    package let diagnosis: String
    package let medicines: [Medicine]
    package let investigations: [String]
    package let followUp: CalendarDate?
    package let notes: String?
    /// Why it is prescribed although a severe warning speaks against it.
    package private(set) var overrideReason: String?

    package init(
        diagnosis: String, medicines: [Medicine], investigations: [String], followUp: CalendarDate?, notes: String?,
        overrideReason: String?
    ) {
        self.diagnosis = diagnosis
        self.medicines = medicines
        self.investigations = investigations
        self.followUp = followUp
        self.notes = notes
        self.overrideReason = overrideReason
    }

    /// The same where there was nothing to override: a reason that was sent all the same is not printed.
    package var withoutOverride: PrescriptionContent {
        var content = self
        content.overrideReason = nil
        return content
    }
}
