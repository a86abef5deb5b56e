/// What an administrator has decided about a hospital's registration.
package enum HospitalStatus: String, Sendable, Hashable, CaseIterable {
    case pending, approved, rejected
}

/// What a hospital asks of its doctors when a prescription warns of something: nothing more than reading it, or a
/// reason to prescribe all the same.
package enum PrescribingPolicy: String, Sendable, Hashable, CaseIterable {
    case warn
    case requireReason = "require_reason"
}
