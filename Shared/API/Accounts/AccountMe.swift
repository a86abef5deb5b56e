import Forms
import Kernel

/// The caller's account, and what belongs to it elsewhere: a patient's record, a doctor's entry, a hospital.
package struct AccountMeView: View {
    package let own: OwnProfileView
    /// Nil of accounts that have nothing elsewhere, and while registry cannot be asked.
    package let profile: RoleProfileView?

    package init(own: OwnProfileView, profile: RoleProfileView?) {
        self.own = own
        self.profile = profile
    }

    package static let shape = Shape<AccountMeView>(
        "AccountMe", OwnProfileView.shape.of { $0.own }, .maybeView("profile") { $0.profile })
}

/// What of registry belongs to an account, by its role.
package struct RoleProfileView: View {
    private let own: OwnDirectoryView

    package init(_ own: OwnDirectoryView) { self.own = own }

    package static let shape = Shape<RoleProfileView>(
        "RoleProfile", .maybeID("patient_id") { $0.own.patient }, .maybeID("doctor_id") { $0.own.doctor },
        .maybeID("department_id") { $0.own.department }, .maybeID("provider_id") { $0.own.provider },
        .maybeID("hospital_id") { $0.own.hospital }, .maybe("hospital_name") { $0.own.hospitalName },
        .maybe("status", .string(oneOf: HospitalStatus.allCases.map(\.rawValue))) { $0.own.hospitalStatus?.rawValue })
}
