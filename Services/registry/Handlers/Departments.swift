package import API
import Chassis
import Events
package import Kernel
import Postgres
import RegistryDomain
package import Web

/// `/api/hospitals/departments`: written by the hospital they are of, read by everybody signed in.
package struct Departments: Sendable {
    let store: DepartmentStore
    let hospitals: HospitalStore
    let appointments: any AppointmentSource
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func create(_ input: DepartmentBody, _ call: Call) async throws -> Created<DepartmentView> {
        let now = clock.now
        return try await write(call) { hospital, tx in
            let entry = DepartmentEntry(
                id: .make(at: now), hospital: hospital.id, name: input.name, description: input.description,
                createdAt: now, updatedAt: now)
            try await store.insert(entry, in: tx)
            try await tell("department.created", of: hospital, call, in: tx)
            return Created(
                DepartmentView(entry), at: "/api/hospitals/departments/\(entry.id)", version: entry.version)
        }
    }

    package func list(_ query: DepartmentsQuery, _ call: Call) async throws -> Listing<DepartmentView> {
        let caller = try call.requireCaller()
        guard let id = query.hospital ?? caller.hospital else {
            throw Problem.field("hospital_id", "Say whose departments are asked for.")
        }
        guard let hospital = try await hospitals.find(id), hospital.isFound(by: caller) else { throw Problem.notFound }
        let page = try await store.list(of: id, query.page)
        return Listing(page.map { DepartmentView($0) }, asked: query.page)
    }

    package func change(
        _ input: WithID<Department, Patch<DepartmentBody>>, _ call: Call
    ) async throws -> Item<DepartmentView> {
        let caller = try call.requireCaller()
        return try await write(call) { hospital, tx in
            let entry = try await locked(input.id, for: caller, call, in: tx)
            let current = DepartmentBody(name: entry.name, description: entry.description)
            let wanted = try input.body.applied(to: current.json)
            guard let changed = entry.changed(name: wanted.name, description: wanted.description, at: clock.now) else {
                return Item(DepartmentView(entry), version: entry.version)
            }
            try await store.update(changed, in: tx)
            try await tell("department.changed", of: hospital, call, in: tx)
            return Item(DepartmentView(changed), version: changed.version)
        }
    }

    /// Visits keep the department they were booked for: while some are open, it stays.
    package func delete(_ input: ByID<Department>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        guard try await store.find(input.id, for: caller) != nil else { throw Problem.notFound }
        guard try await appointments.open(in: input.id, for: call.origin, until: call.deadline) == 0 else {
            throw Problem.conflict("This department has open appointments: end or cancel them first.")
        }
        return try await write(call) { hospital, tx in
            let entry = try await locked(input.id, for: caller, call, in: tx)
            guard try await store.remove(entry.id, at: clock.now, in: tx) else {
                throw Problem.conflict("This department has doctors: move them to another one first.")
            }
            try await tell("department.deleted", of: hospital, call, in: tx)
            return Done()
        }
    }

    /// A change of a hospital that works here.
    private func write<Gives: Answer>(
        _ call: Call, _ body: (HospitalEntry, Transaction) async throws -> Gives
    ) async throws -> Gives {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in try await body(try await hospitals.works(for: caller, in: tx), tx) }
    }

    /// Told as a change of the hospital's own.
    private func tell(
        _ action: String, of hospital: HospitalEntry, _ call: Call, in tx: Transaction
    ) async throws {
        try await ledger.record(.hospitalUpdated(hospital.fact), as: action, from: call.origin, in: tx)
    }

    private func locked(
        _ id: ID<Department>, for caller: Caller, _ call: Call, in tx: Transaction
    ) async throws -> DepartmentEntry {
        guard let entry = try await store.lock(id, for: caller, in: tx) else { throw Problem.notFound }
        try call.condition.check(entry.version)
        return entry
    }
}
