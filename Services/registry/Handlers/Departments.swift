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
            return Created(
                DepartmentView(entry), at: "/api/hospitals/departments/\(entry.id)", version: entry.version)
        }
    }

    package func list(_ query: DepartmentsQuery, _ call: Call) async throws -> Listing<DepartmentView> {
        let caller = try call.requireCaller()
        let own: ID<Hospital>? = caller.role == .hospital || caller.role == .doctor ? caller.tenant.retyped() : nil
        guard let id = query.hospital ?? own else {
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
        return try await write(call) { _, tx in
            let entry = try await locked(input.id, for: caller, call, in: tx)
            let current = DepartmentBody(name: entry.name, description: entry.description)
            let wanted = try input.body.applied(to: current.json)
            let changed = entry.changed(name: wanted.name, description: wanted.description, at: clock.now)
            if let changed { try await store.update(changed, in: tx) }
            return Item(DepartmentView(changed ?? entry), version: (changed ?? entry).version)
        }
    }

    package func delete(_ input: ByID<Department>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await write(call) { _, tx in
            let entry = try await locked(input.id, for: caller, call, in: tx)
            guard try await store.remove(entry.id, at: clock.now, in: tx) else {
                throw Problem.conflict("This department has doctors: move them to another one first.")
            }
            return Done()
        }
    }

    /// A change of a hospital that works here; told as one of the hospital's own.
    private func write<Gives: Answer>(
        _ call: Call, _ body: (HospitalEntry, Transaction) async throws -> Gives
    ) async throws -> Gives {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            let hospital = try await hospitals.works(for: caller, in: tx)
            let answer = try await body(hospital, tx)
            try await ledger.record(
                .hospitalUpdated(hospital.fact), as: "department.changed", from: call.origin, in: tx)
            return answer
        }
    }

    private func locked(
        _ id: ID<Department>, for caller: Caller, _ call: Call, in tx: Transaction
    ) async throws -> DepartmentEntry {
        guard let entry = try await store.lock(id, for: caller, in: tx) else { throw Problem.notFound }
        try call.condition.check(entry.version)
        return entry
    }
}
