package import API
package import Chassis
package import Kernel
package import Postgres
package import RecordsDomain
package import Web

/// What somebody wants with a patient's records, and what is known of the document they mean.
package struct AccessRequest: Sendable {
    package let patient: ID<Patient>
    package let action: RecordAction
    /// `reports`, `report/<id>`: stands in the access row; never a name.
    package let what: String
    /// The visit by which a doctor asks.
    package var appointment: ID<Appointment>?
    /// Who wrote the document, and at which hospital.
    package var author: ID<Account>?
    package var hospital: ID<Hospital>?
    /// Whether all documents of a kind are wanted, of which an author alone sees their own and a visit shows the rest.
    package var isOfAll: Bool

    package init(
        _ action: RecordAction, of patient: ID<Patient>, what: String, appointment: ID<Appointment>? = nil,
        author: ID<Account>? = nil, hospital: ID<Hospital>? = nil, isOfAll: Bool = false
    ) {
        self.patient = patient
        self.action = action
        self.what = what
        self.appointment = appointment
        self.author = author
        self.hospital = hospital
        self.isOfAll = isOfAll
    }
}

/// A patient's records, open to the caller for one action.
package struct OpenRecord: Sendable {
    package let patient: ID<Patient>
    /// The patient's; nil of a record without an account.
    package let account: ID<Account>?
    package let basis: AccessBasis
    package let grant: Grant?
    /// The visit that the request named or that opened the records.
    package let appointment: AppointmentPartiesView?
    /// In whose name the rows are read: the caller's, or the service's where a visit opens them, which the database
    /// does not know of. Whoever reads as the service names the patient.
    package let scope: Scope
    let entry: PatientAccessLog.Entry

    /// The entry of the directory that the calling doctor has.
    package var doctor: ID<Doctor>? { entry.doctor }
}

/// Who may do what with a patient's records: finds what decides, decides, and writes the access row. A reading by
/// another than the patient has its row before this returns; so has a refusal.
package struct RecordAccess: Sendable {
    let keys: PatientKeys
    let grants: GrantStore
    let log: PatientAccessLog
    let directory: any DirectorySource
    let appointments: any AppointmentSource
    let entries: OwnEntries
    let clock: any WallClock

    package init(
        keys: PatientKeys, grants: GrantStore, log: PatientAccessLog, directory: any DirectorySource,
        appointments: any AppointmentSource, clock: any WallClock
    ) {
        self.keys = keys
        self.grants = grants
        self.log = log
        self.directory = directory
        self.appointments = appointments
        self.clock = clock
        entries = OwnEntries(directory)
    }

    /// - Throws: `access_required` with the ways to it, `forbidden`, or `not_found`.
    package func open(_ request: AccessRequest, _ call: Call) async throws -> OpenRecord {
        let caller = try call.requireCaller()
        let found = try await found(request, by: caller, call)
        switch request.action.decision(found.facts) {
        case .allowed(let basis): return try await allowed(basis, request, found, caller, call)
        case .accessRequired(let ways):
            try await refuse(request, found, caller, call)
            throw Problem.accessRequired(ways)
        case .forbidden:
            try await refuse(request, found, caller, call)
            throw Problem.forbidden
        case .notFound:
            try await refuse(request, found, caller, call)
            throw Problem.notFound
        }
    }

    /// The access row of a change that was opened before, in its transaction.
    /// - Parameters:
    ///   - what: names what was made, where the request could not.
    ///   - grant: the grant that was made by it.
    package func note(
        _ record: OpenRecord, what: String? = nil, grant: ID<AccessGrant>? = nil, _ call: Call, in tx: Transaction
    ) async throws {
        try await log.add(record.entry.naming(what, grant), by: try call.requireCaller(), at: clock.now, in: tx)
    }

    /// What hears who asks for a document that the database does not show them. The refused try leaves its row with the
    /// patient whose it is.
    /// - Parameter patient: nil of a document that is not there.
    package func missing(
        _ what: String, of patient: ID<Patient>?, to action: RecordAction, _ call: Call
    ) async throws -> Problem {
        let caller = try call.requireCaller()
        if let patient {
            var found = Found(caller)
            found.owner = try await keys.owner(of: patient)
            try await refuse(AccessRequest(action, of: patient, what: what), found, caller, call)
        }
        return Self.missing(for: caller.role)
    }

    /// The same whether it exists or not.
    static func missing(for role: Role) -> Problem {
        role == .doctor ? .accessRequired([.otp, .breakGlass]) : .notFound
    }
}

extension RecordAccess {
    /// What was found about a request.
    private struct Found {
        var facts: AccessFacts
        /// As far as it is known already.
        var owner: PatientKeys.Owner?
        var grants: [Grant] = []
        var appointment: AppointmentPartiesView?

        init(_ caller: Caller) { facts = AccessFacts(role: caller.role) }
    }

    private func found(_ request: AccessRequest, by caller: Caller, _ call: Call) async throws -> Found {
        var found = Found(caller)
        found.owner = try await keys.owner(of: request.patient)
        found.facts.isAuthor = request.author == caller.account
        switch caller.role {
        case .patient: try await find(&found, own: request.patient, caller, call)
        case .doctor: try await find(&found, request, doctor: caller, call)
        case .hospital: found.facts.isOfHospital = request.hospital.map { $0.retyped() == caller.tenant } ?? true
        case .admin, .staff: break
        }
        return found
    }

    private func find(
        _ found: inout Found, own patient: ID<Patient>, _ caller: Caller, _ call: Call
    ) async throws {
        if let owner = found.owner {
            found.facts.isOwn = owner == .account(caller.account)
        } else if try await directory.me(for: call.origin, until: call.deadline).patient == patient {
            found.facts.isOwn = true
            found.owner = .account(caller.account)
        }
    }

    private func find(
        _ found: inout Found, _ request: AccessRequest, doctor caller: Caller, _ call: Call
    ) async throws {
        found.grants = try await grants.live(for: caller, on: request.patient)
        found.facts.grants = Set(found.grants.map(\.way))
        if let grant = found.grants.first {
            found.owner = grant.patientAccount.map { .account($0) } ?? .nobody
        }
        let isNamed = request.appointment != nil
        let isSought =
            !request.action.wantsNamedAppointment
            && (!request.action.isDecided(without: found.facts) || request.isOfAll && found.grants.isEmpty)
        guard request.action.opensByAppointment, isNamed || isSought else { return }
        guard let visit = try await visit(request, caller, call) else { return }
        found.appointment = visit
        found.facts.hasAppointment = CurrentAppointment.opens(visit.status, since: visit.updatedAt, at: clock.now)
        if request.isOfAll, found.facts.hasAppointment { found.facts.isAuthor = false }
        found.owner = visit.patientAccount.map { .account($0) } ?? .nobody
    }

    /// The named visit, or the one that opens most; nil where the doctor has none with the patient.
    private func visit(
        _ request: AccessRequest, _ caller: Caller, _ call: Call
    ) async throws -> AppointmentPartiesView? {
        if let id = request.appointment {
            let visit = try await appointments.appointment(id, for: call.origin, until: call.deadline)
            return visit?.patient == request.patient && visit?.doctorAccount == caller.account ? visit : nil
        }
        let visits = try await appointments.appointments(
            PatientAppointments(patient: request.patient, doctorAccount: caller.account), for: call.origin,
            until: call.deadline)
        let now = clock.now
        return visits.first { CurrentAppointment.opens($0.status, since: $0.updatedAt, at: now) } ?? visits.first
    }

    private func allowed(
        _ basis: AccessBasis, _ request: AccessRequest, _ found: Found, _ caller: Caller, _ call: Call
    ) async throws -> OpenRecord {
        guard let owner = try await owner(request, found, call) else { throw Problem.notFound }
        let grant = found.grants.first { $0.way.basis == basis }
        let entry = try await entry(request, found, owner, basis: basis, grant: grant, call)
        if request.action.isReading, basis != .own { try await log.add(entry, by: caller, at: clock.now) }
        return OpenRecord(
            patient: request.patient, account: owner.account, basis: basis, grant: grant,
            appointment: found.appointment, scope: basis == .appointment ? .service : Scope(caller), entry: entry)
    }

    /// A refused try leaves its row with a patient who exists. The answer is the same of one who does not; how long it
    /// takes is not made equal.
    private func refuse(_ request: AccessRequest, _ found: Found, _ caller: Caller, _ call: Call) async throws {
        guard let owner = try await owner(request, found, call) else { return }
        let entry = try await entry(request, found, owner, basis: nil, grant: nil, call)
        try await log.add(entry, by: caller, at: clock.now)
    }

    private func entry(
        _ request: AccessRequest, _ found: Found, _ owner: PatientKeys.Owner, basis: AccessBasis?, grant: Grant?,
        _ call: Call
    ) async throws -> PatientAccessLog.Entry {
        let caller = try call.requireCaller()
        var doctor = grant?.doctor ?? found.appointment?.doctor
        if doctor == nil { doctor = try await entries.doctor(call.origin, until: call.deadline) }
        return PatientAccessLog.Entry(
            patient: request.patient, patientAccount: owner.account, doctor: doctor,
            hospital: caller.hospital, action: request.action, what: request.what,
            basis: basis, grant: grant?.id)
    }

    /// Nil of a patient whom nobody knows.
    private func owner(
        _ request: AccessRequest, _ found: Found, _ call: Call
    ) async throws -> PatientKeys.Owner? {
        if let owner = found.owner { return owner }
        let hospitals = request.hospital.map { [$0] } ?? []
        let entries = try await directory.entries(
            DirectoryQuery(hospitals: hospitals, patients: [request.patient]), for: call.origin, until: call.deadline)
        return entries.patients.first { $0.id == request.patient }.map { card in
            card.account.map { .account($0) } ?? .nobody
        }
    }
}

extension PatientKeys.Owner {
    package var account: ID<Account>? {
        if case .account(let account) = self { account } else { nil }
    }
}

extension GrantWay {
    var basis: AccessBasis {
        switch self {
        case .otp: .otpGrant
        case .breakGlass: .breakGlass
        }
    }
}

extension PatientAccessLog.Entry {
    fileprivate func naming(_ what: String?, _ grant: ID<AccessGrant>?) -> PatientAccessLog.Entry {
        PatientAccessLog.Entry(
            patient: patient, patientAccount: patientAccount, doctor: doctor, hospital: hospital, action: action,
            what: what ?? self.what, basis: basis, grant: grant ?? self.grant)
    }
}
