/// What was decided in registry about the hospital that an account belongs to.
package enum HospitalStanding: String, Sendable, CaseIterable {
    case pending, approved, rejected, deleted
}

/// Whether registry lets the account in: its hospital is approved, and has not shut out its doctor; its patient's
/// record was not erased. Apart from it
/// administrators may switch an account off.
package struct Admission: Sendable, Equatable {
    /// Nil of an account of no hospital.
    package let hospital: HospitalStanding?
    /// False of a doctor whom the hospital has shut out, and of a patient whose record was erased.
    package let isAdmitted: Bool

    package init(hospital: HospitalStanding?, isAdmitted: Bool) {
        self.hospital = hospital
        self.isAdmitted = isAdmitted
    }

    /// What somebody who proved the password is told instead of being let in; nil where nothing is in the way.
    package var refusal: String? {
        switch hospital {
        case .pending: "This hospital is pending approval: an administrator has to approve it first."
        case .rejected: "This hospital is not approved."
        case .deleted: "This account is not active. Please contact support."
        case .approved, nil: isAdmitted ? nil : "This account is not active. Please contact support."
        }
    }
}
