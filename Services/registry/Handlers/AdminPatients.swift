package import API
import Audit
import Chassis
import Events
package import Kernel
import Postgres
import RegistryDomain
package import Web

/// `/api/admin/patients`: registered patients for administrators. Each record that is shown leaves a row of who saw it.
package struct AdminPatients: Sendable {
    let store: RegisteredPatientStore
    let records: PatientStore
    let unit: UnitOfWork
    let ledger: Ledger
    let accesses: AccessLog
    let clock: any WallClock

    package func list(_ query: PatientsQuery, _ call: Call) async throws -> Listing<AdminPatientView> {
        let page = try await store.list(query)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for patient in page.items { tasks.addTask { try await noteReading(of: patient.record.id, call) } }
            try await tasks.waitForAll()
        }
        return Listing(page.map { AdminPatientView($0) }, asked: query.page)
    }

    package func show(_ input: ByID<Patient>, _ call: Call) async throws -> Item<AdminPatientView> {
        guard let registration = try await store.registration(of: input.id),
            let patient = try await store.find(registration)
        else { throw Problem.notFound }
        try await noteReading(of: input.id, call)
        return Item(AdminPatientView(patient), version: patient.version)
    }

    package func change(
        _ input: WithID<Patient, Patch<PatientBody>>, _ call: Call
    ) async throws -> Item<AdminPatientView> {
        guard let registration = try await store.registration(of: input.id) else { throw Problem.notFound }
        let keeper = Caller(account: registration.account, role: .patient, session: try call.requireCaller().session)
        return try await unit.write(call) { tx in
            try await tx.speak(as: Scope(keeper))
            guard let locked = try await records.lock(input.id, for: keeper, in: tx) else { throw Problem.notFound }
            guard let seen = try await store.find(input.id, keptBy: registration.account, in: tx) else {
                throw Problem.notFound
            }
            try call.condition.check(seen.version)
            let current = locked.record.details
            let details = current.rewritten(as: try input.body.applied(to: PatientBody(current).json))
            let faults = details.faults(replacingRegistered: current)
            guard faults.isEmpty else { throw Problem.validation(faults) }
            guard let changed = locked.record.changed(to: details, at: clock.now) else {
                return Item(AdminPatientView(seen), version: seen.version)
            }
            try await records.update(locked, to: changed, in: tx)
            try await ledger.record(.patientUpdated(changed.fact), from: call.origin, in: tx)
            let patient = RegisteredPatient(record: changed, standing: seen.standing)
            return Item(AdminPatientView(patient), version: patient.version)
        }
    }

    /// The record is erased, its mappings with it, and the account is let in no more.
    package func delete(_ input: ByID<Patient>, _ call: Call) async throws -> Done {
        guard let registration = try await store.registration(of: input.id) else { throw Problem.notFound }
        return try await unit.write(call) { tx in
            guard let patient = try await store.find(input.id, keptBy: registration.account, in: tx) else {
                throw Problem.notFound
            }
            try call.condition.check(patient.version)
            try await store.remove(registration, in: tx)
            let fact = RegisteredPatientFact(patient: input.id, account: registration.account)
            try await ledger.record(
                .registeredPatientDeleted(fact), with: [.patientDeleted(patient.record.fact)], from: call.origin,
                in: tx)
            return Done()
        }
    }

    private func noteReading(of patient: ID<Patient>, _ call: Call) async throws {
        try await accesses.seen("patient.read", subject: "patient/\(patient)", from: call.origin)
    }
}

extension AdminPatientView {
    init(_ patient: RegisteredPatient) {
        self.init(
            patient: PatientView(patient.record), account: patient.record.owner, isActive: patient.standing.isActive)
    }
}
