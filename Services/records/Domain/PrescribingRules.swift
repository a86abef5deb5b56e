package import Kernel

/// When a doctor may prescribe.
package enum PrescribingRules {
    /// For which visits: agreed ones, those under way, and those that took place.
    /// - Throws: `conflict` for any other.
    package static func check(_ status: AppointmentStatus) throws(Problem) {
        switch status {
        case .confirmed, .checkedIn, .completed: return
        case .requested:
            throw .conflict("This appointment is not confirmed yet: there is nothing to prescribe for.")
        case .rejected, .cancelled, .noShow:
            throw .conflict("This appointment did not take place: there is nothing to prescribe for.")
        }
    }

    /// - Throws: `override_required` with all severe warnings, where the hospital wants a reason and there is none.
    package static func check(
        _ warnings: [PrescribingWarning], reason: String?, under policy: PrescribingPolicy
    ) throws(Problem) {
        let severe = warnings.filter { $0.severity == .severe }
        guard policy == .requireReason, reason == nil, !severe.isEmpty else { return }
        throw Problem(
            .overrideRequired,
            "A severe warning speaks against this prescription: say in override_reason why it stands.",
            details: ["warnings": .list(severe.map { .object($0.details) })])
    }
}

extension PrescribingWarning {
    /// What a refusal tells of it.
    fileprivate var details: ProblemDetails {
        var members = [
            ProblemDetails.Member(key: "code", value: .text(code.rawValue)),
            ProblemDetails.Member(key: "severity", value: .text(severity.rawValue)),
        ]
        if let medicine { members.append(.init(key: "medicine", value: .text(medicine))) }
        if let with { members.append(.init(key: "with", value: .text(with))) }
        members.append(.init(key: "text", value: .text(text)))
        return ProblemDetails(members: members)
    }
}
