package import API
import Chassis
import Events
package import Kernel
import Observability
import Postgres
import RecordsDomain
package import Web

/// Prescriptions as doctors write and revise them.
package struct PrescriptionWriting: Sendable {
    let parties: PrescribingParties
    let checks: PrescribingChecks
    let store: PrescriptionStore
    let attachments: AttachmentStore
    let keys: PatientKeys
    let access: RecordAccess
    let prescribing: any PrescribingSource
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func create(_ input: CreatePrescription, _ call: Call) async throws -> Created<PrescriptionView> {
        let caller = try call.requireCaller()
        // Others are asked before the transaction: a repeated request must not ask again.
        try await unit.recall(call)
        let found = try await parties.find(input, by: caller, call)
        let content = PrescriptionContent(input.body)
        let warnings = try await check(content, found, call)
        let now = clock.now
        let record = PrescriptionRecord(
            id: .make(at: now), version: 1, parties: found.parties, names: found.names, content: content,
            warnings: warnings, createdAt: now)
        let created = try await keep(record, [], found, as: Event.prescriptionCreated, call)
        guard let visit = found.visit, visit.status != .completed else { return created }
        return answer(record, [], status: await end(visit, by: record.id, call))
    }

    package func revise(
        _ input: WithID<Prescription, PrescriptionBody>, _ call: Call
    ) async throws -> Created<PrescriptionView> {
        let caller = try call.requireCaller()
        try await unit.recall(call)
        guard let former = try await store.newest(input.id, as: Scope(caller)) else {
            throw try await access.missing(
                "prescription/\(input.id)", of: try await store.patient(of: input.id), to: .revise, call)
        }
        let found = try await parties.find(again: former, by: caller, call)
        try call.condition.require(Int64(former.version))
        let content = PrescriptionContent(input.body)
        let warnings = try await check(content, found, call)
        let record = former.revised(to: content, named: found.names, warnings: warnings, at: clock.now)
        let files = try await attachments.of([former.id], as: Scope(caller))[former.id] ?? []
        return try await keep(record, files, found, as: Event.prescriptionRevised, call)
    }

    private func check(
        _ content: PrescriptionContent, _ found: PrescribingParties.Found, _ call: Call
    ) async throws -> [PrescribingWarning] {
        let warnings = await checks.warnings(of: content, for: found.parties, at: clock.now, call)
        try PrescribingRules.check(warnings, reason: content.overrideReason, under: found.policy)
        return warnings
    }

    private func keep(
        _ record: PrescriptionRecord, _ files: [AttachmentRecord], _ found: PrescribingParties.Found,
        as event: EventType<PrescriptionFact>, _ call: Call
    ) async throws -> Created<PrescriptionView> {
        let key = try await keys.current(
            of: record.parties.patient, account: record.parties.patientAccount, at: record.createdAt)
        return try await unit.write(call) { tx in
            try await store.insert(record, under: key, in: tx)
            try await access.note(found.record, what: record.subject, call, in: tx)
            try await ledger.record(event(record.fact), from: call.origin, in: tx)
            if record.isOverridden {
                try await ledger.note("prescription_overridden", about: record.subject, from: call.origin, in: tx)
            }
            return answer(record, files, status: record.parties.appointment.map { _ in .completed })
        }
    }

    /// Where the visit stands then. The event ends it where this does not.
    private func end(
        _ visit: AppointmentPartiesView, by prescription: ID<Prescription>, _ call: Call
    ) async -> AppointmentStatus {
        do {
            return try await prescribing.complete(
                visit.id, by: prescription, for: call.origin, until: call.deadline)
        } catch {
            log.warning("a visit is ended by the event of its prescription alone")
            return visit.status
        }
    }

    private func answer(
        _ record: PrescriptionRecord, _ files: [AttachmentRecord], status: AppointmentStatus?
    ) -> Created<PrescriptionView> {
        Created(
            PrescriptionView(record, files, status: status),
            at: PrescriptionsAPI.show.declaration.path.filled([record.id.description]),
            version: Int64(record.version))
    }
}
