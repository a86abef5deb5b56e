package import API
import Chassis
import Events
package import Kernel
import Observability
import Postgres
import RecordsDomain
package import Web

/// Access without the patient, for an emergency: with a reason, told to patient and hospital at once, and to be
/// reviewed.
package struct BreakGlass: Sendable {
    let access: RecordAccess
    let grants: GrantStore
    let keys: PatientKeys
    let factors: any FactorSource
    /// Whether an account without a second factor is refused.
    let requiresFactor: Bool
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func open(
        _ input: WithID<Patient, BreakGlassBody>, _ call: Call
    ) async throws -> Created<OpenedAccessView> {
        let caller = try call.requireCaller()
        try await unit.recall(call)
        let record = try await access.open(AccessRequest(.breakGlass, of: input.id, what: "break-glass"), call)
        let grant = try await grant(record, because: input.body.reason, caller)
        let hospital = try await hospitalAccount(caller, call)
        // Last of what may fail: identity uses the code up at once.
        try await prove(input.body.code, caller, call)
        return try await unit.write(call) { tx in
            try await keep(grant, record, toldTo: hospital, call, in: tx)
        }
    }

    /// Of an account with a second factor the code is used up by it.
    private func prove(_ code: Secret?, _ caller: Caller, _ call: Call) async throws {
        let hasFactor = try await factors.prove(
            code, of: caller.account, for: call.origin, until: call.deadline)
        if !hasFactor, requiresFactor {
            throw Problem(
                .secondFactorRequired,
                "Set up a second factor first: without one no records are opened in an emergency.")
        }
    }

    private func grant(
        _ record: OpenRecord, because reason: String, _ caller: Caller
    ) async throws -> GrantStore.New {
        let now = clock.now
        let key = try await keys.current(of: record.patient, account: record.account, at: now)
        let id = ID<AccessGrant>.make(at: now)
        return GrantStore.New(
            id: id, patient: record.patient, patientAccount: record.account, doctorAccount: caller.account,
            doctor: record.doctor, hospital: caller.hospital, way: .breakGlass,
            sealedReason: try key.seal(Array(reason.utf8), for: GrantStore.cell(id.description, "sealed_reason")),
            keyVersion: key.version)
    }

    /// The hospital hears of it; who belongs to none has none.
    private func hospitalAccount(_ caller: Caller, _ call: Call) async throws -> ID<Account>? {
        guard let hospital = caller.hospital else { return nil }
        return try await access.directory.entries(
            DirectoryQuery(hospitals: [hospital]), for: call.origin, until: call.deadline
        ).hospitals.first?.account
    }

    private func keep(
        _ grant: GrantStore.New, _ record: OpenRecord, toldTo hospital: ID<Account>?, _ call: Call, in tx: Transaction
    ) async throws -> Created<OpenedAccessView> {
        let kept = try await grants.insert(grant, in: tx)
        try await access.note(record, grant: kept.id, call, in: tx)
        try await ledger.record(.breakGlassOpened(kept.fact(hospitalAccount: hospital)), from: call.origin, in: tx)
        if try await grants.breaks(of: grant.doctorAccount, in: tx) >= AccessCodeRules.alarmingBreaks {
            log.warning("a doctor breaks the glass again and again", ["account": grant.doctorAccount.description])
            try await ledger.note(
                "break_glass_alarm", about: "account/\(grant.doctorAccount)", from: call.origin, in: tx)
        }
        return Created(
            OpenedAccessView(patient: kept.patient, grant: kept.id, expiresAt: kept.expiresAt),
            at: "/api/records/patients/\(kept.patient)/access-log")
    }
}
