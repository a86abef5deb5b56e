package import API
import Chassis
import Events
import JSON
package import Kernel
import Postgres
import RegistryDomain
package import Web

/// `/api/patients`: a caller's own patients. Only the keeper reads them, so a read leaves no access row.
package struct Patients: Sendable {
    let store: PatientStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func create(_ input: PatientBody, _ call: Call) async throws -> Created<PatientView> {
        let caller = try call.requireCaller()
        let now = clock.now
        let record = PatientRecord.made(
            PatientDetails(input), by: caller.account, of: caller.tenant, as: .make(at: now), at: now)
        return try await unit.write(call) { tx in
            try await store.insert(record, in: tx)
            try await ledger.record(.patientCreated(record.fact), from: call.origin, in: tx)
            return Created(PatientView(record), at: "/api/patients/\(record.id)", version: record.version)
        }
    }

    package func list(_ query: PatientsQuery, _ call: Call) async throws -> Listing<PatientView> {
        Listing(try await store.list(query, for: try call.requireCaller(), as: store.view), asked: query.page)
    }

    package func show(_ input: ByID<Patient>, _ call: Call) async throws -> Item<PatientView> {
        let found = try await store.find(input.id, for: try call.requireCaller()) { record, plain in
            (view: try store.view(record, plain), version: record.version)
        }
        guard let found else { throw Problem.notFound }
        return Item(found.view, version: found.version)
    }

    package func replace(_ input: WithID<Patient, PatientBody>, _ call: Call) async throws -> Item<PatientView> {
        try await edit(input.id, call) { $0.rewritten(as: input.body) }
    }

    package func change(_ input: WithID<Patient, Patch<PatientBody>>, _ call: Call) async throws -> Item<PatientView> {
        try await edit(input.id, call) { details in
            details.rewritten(as: try input.body.applied(to: PatientBody(details).json))
        }
    }

    package func delete(_ input: ByID<Patient>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard let record = try await store.lock(input.id, for: caller, in: tx)?.record else {
                throw Problem.notFound
            }
            try call.condition.check(record.version)
            try await store.remove(record, in: tx)
            try await ledger.record(.patientDeleted(record.fact), from: call.origin, in: tx)
            return Done()
        }
    }

    /// What is there is locked, compared with `If-Match`, changed and kept, so that no change is lost between two.
    private func edit(
        _ id: ID<Patient>, _ call: Call, _ change: (PatientDetails) throws -> PatientDetails
    ) async throws -> Item<PatientView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard let locked = try await store.lock(id, for: caller, in: tx) else { throw Problem.notFound }
            try call.condition.check(locked.record.version)
            let details = try change(locked.record.details)
            let faults = locked.isRegistered ? details.faults(replacingRegistered: locked.record.details) : []
            guard faults.isEmpty else { throw Problem.validation(faults) }
            guard let changed = locked.record.changed(to: details, at: clock.now) else {
                return Item(PatientView(locked.record), version: locked.record.version)
            }
            try await store.update(locked, to: changed, in: tx)
            try await ledger.record(.patientUpdated(changed.fact), from: call.origin, in: tx)
            return Item(PatientView(changed), version: changed.version)
        }
    }
}

extension PatientRecord {
    var fact: PatientFact { PatientFact(patient: id, owner: owner, tenant: tenant) }
}
