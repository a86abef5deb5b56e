import Chassis
package import Kernel
package import Postgres
package import RegistryDomain
import Sealing

/// Patients by name, for services that name them in visits and records: those who registered themselves, and those
/// whom one of the hospitals asked for, or the caller's own tenant, keeps. Each is opened in the name of their tenant.
package struct PatientDirectory: Sendable {
    let database: Database
    let patients: PatientStore

    package init(database: Database, patients: PatientStore) {
        self.database = database
        self.patients = patients
    }

    /// A patient's record, and the account whose own it is.
    package struct Found: Sendable {
        package let record: PatientRecord
        /// Nil of a record without an account.
        package let account: ID<Account>?
    }

    /// In no particular order; who is not found, and whose record cannot be opened, is left out.
    package func find(
        _ ids: [ID<Patient>], keptBy hospitals: [ID<Hospital>], for caller: Caller?
    ) async throws -> [Found] {
        if ids.isEmpty { return [] }
        let registered = try await registrations(of: ids)
        let others = Array(Set(ids).subtracting(registered.map(\.patient)))
        let tenants = others.isEmpty ? [] : Set(hospitals.map { $0.retyped() } + (caller.map { [$0.tenant] } ?? []))
        // Row-level security shows each in the name of their tenant alone; the statements of all travel in one batch.
        return try await withThrowingTaskGroup(of: [Found].self) { tasks in
            for registration in registered {
                tasks.addTask { try await open([registration.patient], of: registration.account) }
            }
            for tenant in tenants { tasks.addTask { try await open(others, keptBy: tenant) } }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
    }

    private struct Registration: Sendable {
        let patient: ID<Patient>
        let account: ID<Account>
    }

    private func registrations(of ids: [ID<Patient>]) async throws -> [Registration] {
        let row = Projection(
            Column<ID<Patient>>("patient_id"), Column<ID<Account>>("account_id"), make: Registration.init)
        return try await database.read(row) {
            "select \($0) from patient_registration where patient_id = any(\(ids))"
        }
    }

    private func open(_ ids: [ID<Patient>], of account: ID<Account>) async throws -> [Found] {
        try await records(ids, of: account.ownTenant).map { Found(record: $0, account: account) }
    }

    private func open(_ ids: [ID<Patient>], keptBy tenant: ID<Tenant>) async throws -> [Found] {
        try await records(ids, of: tenant).map { Found(record: $0, account: nil) }
    }

    private func records(_ ids: [ID<Patient>], of tenant: ID<Tenant>) async throws -> [PatientRecord] {
        let scope = Scope(account: "", role: "", tenant: tenant.description)
        return try await database.read(PatientStore.row + PatientStore.wrappedKey, as: scope) {
            "select \($0) from patient p where p.patient_id = any(\(ids)) and p.tenant_id = \(tenant)"
        }.opened(of: "patient", named: { $0.0.id }) { row in
            try patients.open(row.0, with: patients.vault.accounts.key(row.1, of: row.0.owner))
        }
    }
}
