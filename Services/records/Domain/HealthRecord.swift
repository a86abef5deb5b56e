package import Kernel

/// What whoever treats a patient must know, as it was written.
package struct HealthRecord: Sendable, Equatable {
    package let allergies: String?
    package let currentMedications: String?
    package let medicalHistory: String?
    package let allergiesKnown: AllergiesKnown

    /// - Parameter known: nil where it follows from the allergies.
    package init(
        allergies: String? = nil, currentMedications: String? = nil, medicalHistory: String? = nil,
        known: AllergiesKnown? = nil
    ) {
        self.allergies = allergies
        self.currentMedications = currentMedications
        self.medicalHistory = medicalHistory
        allergiesKnown = known ?? Self.known(of: allergies)
    }

    /// What is known of allergies from the words alone: words for none are none.
    package static func known(of allergies: String?) -> AllergiesKnown {
        guard let allergies, !allergies.isEmpty else { return .unknown }
        return WrittenMedicines.saysNone(allergies) ? .none : .recorded
    }

    /// For the checks: that there are none is a statement, also where no word of it was written.
    package var statedAllergies: String? { allergies ?? (allergiesKnown == .none ? "none" : nil) }

    /// In what it contradicts itself; nil when in nothing.
    package var contradiction: String? {
        let isWritten = Self.known(of: allergies) == .recorded
        if allergiesKnown == .recorded { return isWritten ? nil : "Say which allergies are recorded." }
        return isWritten ? "There are allergies written down." : nil
    }
}

extension WrittenMedicines {
    /// Whether a text says that there is nothing: "none", "NKDA", "-".
    package static func saysNone(_ text: String) -> Bool {
        let parts = WrittenText.parts(of: text)
        return !parts.isEmpty && parts.allSatisfy(MedicineWords.saysNone)
    }
}
