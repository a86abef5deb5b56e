import Forms
package import Kernel

/// A doctor's access to a patient's records, now or in the past.
package struct GrantView: View, Equatable {
    package let id: ID<AccessGrant>
    package let patient: ID<Patient>
    package let doctor: ID<Doctor>?
    /// Nil where registry could not be asked, or does not know the doctor.
    package let doctorName: String?
    package let hospital: ID<Hospital>?
    package let hospitalName: String?
    /// otp or break_glass.
    package let way: String
    package let reason: String?
    package let isActive: Bool
    package let grantedAt: Instant
    package let expiresAt: Instant
    package let revokedAt: Instant?
    /// Of broken glass: justified or not_justified.
    package let verdict: String?
    package let note: String?
    package let reviewedAt: Instant?

    package init(
        id: ID<AccessGrant>, patient: ID<Patient>, doctor: ID<Doctor>?, doctorName: String?, hospital: ID<Hospital>?,
        hospitalName: String?, way: String, reason: String?, isActive: Bool, grantedAt: Instant, expiresAt: Instant,
        revokedAt: Instant?, verdict: String?, note: String?, reviewedAt: Instant?
    ) {
        self.id = id
        self.patient = patient
        self.doctor = doctor
        self.doctorName = doctorName
        self.hospital = hospital
        self.hospitalName = hospitalName
        self.way = way
        self.reason = reason
        self.isActive = isActive
        self.grantedAt = grantedAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.verdict = verdict
        self.note = note
        self.reviewedAt = reviewedAt
    }

    package static let shape = Shape<GrantView>(
        "Grant", .id("id") { $0.id }, .id("patient_id") { $0.patient }, .maybeID("doctor_id") { $0.doctor },
        .maybe("doctor_name") { $0.doctorName }, .maybeID("hospital_id") { $0.hospital },
        .maybe("hospital_name") { $0.hospitalName }, .choice("by", ["otp", "break_glass"]) { $0.way },
        .maybe("reason") { $0.reason }, .boolean("is_active") { $0.isActive },
        .instant("granted_at") { $0.grantedAt }, .instant("expires_at") { $0.expiresAt },
        .maybeInstant("revoked_at") { $0.revokedAt },
        .maybe("verdict", .string(oneOf: ["justified", "not_justified"])) { $0.verdict },
        .maybe("note") { $0.note }, .maybeInstant("reviewed_at") { $0.reviewedAt })
}

/// What a message about a grant says.
package struct GrantMessageView: View {
    package let doctorName: String?
    package let hospitalName: String?

    package init(doctorName: String?, hospitalName: String?) {
        self.doctorName = doctorName
        self.hospitalName = hospitalName
    }

    package static let shape = Shape<GrantMessageView>(
        "GrantMessage", .maybe("doctor_name") { $0.doctorName }, .maybe("hospital_name") { $0.hospitalName })
}

/// Who read or wrote what of a patient's records.
package struct AccessRowView: View, Equatable {
    package let id: ID<AccessEntry>
    package let at: Instant
    package let actor: ID<Account>
    package let actorName: String?
    package let role: String
    package let hospitalName: String?
    package let action: String
    package let what: String
    /// By which right; null where it was refused.
    package let basis: String?
    package let isAllowed: Bool
    package let reason: String?

    package init(
        id: ID<AccessEntry>, at: Instant, actor: ID<Account>, actorName: String?, role: String, hospitalName: String?,
        action: String, what: String, basis: String?, reason: String?
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.actorName = actorName
        self.role = role
        self.hospitalName = hospitalName
        self.action = action
        self.what = what
        self.basis = basis
        isAllowed = basis != nil
        self.reason = reason
    }

    package static let shape = Shape<AccessRowView>(
        "AccessRow", .id("id") { $0.id }, .instant("at") { $0.at }, .id("actor_id") { $0.actor },
        .maybe("actor_name") { $0.actorName }, .choice("role", Role.allCases.map(\.rawValue)) { $0.role },
        .maybe("hospital_name") { $0.hospitalName }, .text("action") { $0.action }, .text("what") { $0.what },
        .maybe(
            "by", .string(oneOf: ["self", "otp_grant", "break_glass", "appointment", "author", "hospital", "admin"])
        ) { $0.basis }, .boolean("is_allowed") { $0.isAllowed }, .maybe("reason") { $0.reason })
}
