package import Kernel

/// What decides about an action on a patient's records.
package struct AccessFacts: Sendable, Equatable {
    package let role: Role
    /// The records are the caller's own.
    package var isOwn: Bool
    /// The ways of the caller's grants that are in force now.
    package var grants: Set<GrantWay>
    /// The caller, a doctor, has a current visit with the patient.
    package var hasAppointment: Bool
    /// The caller wrote the document in question.
    package var isAuthor: Bool
    /// The document in question was written at the caller's hospital.
    package var isOfHospital: Bool

    package init(
        role: Role, isOwn: Bool = false, grants: Set<GrantWay> = [], hasAppointment: Bool = false,
        isAuthor: Bool = false, isOfHospital: Bool = false
    ) {
        self.role = role
        self.isOwn = isOwn
        self.grants = grants
        self.hasAppointment = hasAppointment
        self.isAuthor = isAuthor
        self.isOfHospital = isOfHospital
    }
}

/// Who may: allowed by a right, or refused.
package enum AccessDecision: Sendable, Equatable {
    case allowed(AccessBasis)
    /// A doctor needs a grant, which these ways give.
    case accessRequired([GrantWay])
    /// The role never may.
    case forbidden
    /// It is another's: existence is not revealed.
    case notFound
}

extension RecordAction {
    /// The decision table of a patient's records (docs/adr/0048).
    package func decision(_ facts: AccessFacts) -> AccessDecision {
        switch facts.role {
        case .patient: patientDecision(facts)
        case .doctor: doctorDecision(facts)
        case .hospital:
            self == .readPrescriptions ? (facts.isOfHospital ? .allowed(.hospital) : .notFound) : .forbidden
        case .admin: isOpenToAdministrators ? .allowed(.admin) : .forbidden
        case .staff: .forbidden
        }
    }

    private func patientDecision(_ facts: AccessFacts) -> AccessDecision {
        switch self {
        case .prescribe, .revise, .breakGlass: .forbidden
        default: facts.isOwn ? .allowed(.own) : .notFound
        }
    }

    private func doctorDecision(_ facts: AccessFacts) -> AccessDecision {
        switch self {
        case .readAccessLog, .manageGrants: return .forbidden
        case .breakGlass: return .allowed(.breakGlass)
        case .revise: return facts.isAuthor ? .allowed(.author) : .forbidden
        default: break
        }
        // A grant shows more than a visit or the doctor's own documents: it is what is written down.
        if facts.grants.contains(.otp) { return .allowed(.otpGrant) }
        if facts.grants.contains(.breakGlass), opensByBreakGlass { return .allowed(.breakGlass) }
        if facts.isAuthor, isOfDocuments { return .allowed(.author) }
        if facts.hasAppointment, opensByAppointment { return .allowed(.appointment) }
        return .accessRequired(opensByBreakGlass ? [.otp, .breakGlass] : [.otp])
    }

    /// Whether no visit can add to what the caller may.
    package func isDecided(without facts: AccessFacts) -> Bool {
        facts.grants.contains(.otp) || facts.isAuthor && isOfDocuments
            || facts.grants.contains(.breakGlass) && opensByBreakGlass
    }

    /// Breaking the glass shows records and lets a doctor prescribe; it adds nothing else to them.
    private var opensByBreakGlass: Bool { isReading || self == .prescribe }

    private var isOfDocuments: Bool { self == .readReports || self == .readPrescriptions }

    private var isOpenToAdministrators: Bool { isOfDocuments || self == .readAccessLog }
}

extension Problem {
    /// A doctor needs a grant, which these ways give.
    package static func accessRequired(_ ways: [GrantWay]) -> Problem {
        Problem(
            .accessRequired, "You have no access to this patient's records.",
            details: ["ways": .texts(ways.map(\.rawValue))])
    }
}
