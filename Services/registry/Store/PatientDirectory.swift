import Chassis
package import Kernel
package import Postgres
package import RegistryDomain

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
        let registered = try await accounts(of: ids)
        var found: [Found] = []
        for (account, patients) in Dictionary(grouping: registered, by: \.account) {
            found += try await open(patients.map(\.patient), of: account.ownTenant, account: account)
        }
        let others = Set(ids).subtracting(registered.map(\.patient))
        if others.isEmpty { return found }
        for tenant in Set(hospitals.map { $0.retyped(as: Tenant.self) } + (caller.map { [$0.tenant] } ?? [])) {
            found += try await open(Array(others), of: tenant, account: nil)
        }
        return found
    }

    private struct Registration: Sendable {
        let patient: ID<Patient>
        let account: ID<Account>
    }

    private func accounts(of ids: [ID<Patient>]) async throws -> [Registration] {
        let row = Projection(
            Column<ID<Patient>>("patient_id"), Column<ID<Account>>("account_id"), make: Registration.init)
        return try await database.read(row) {
            "select \($0) from patient_registration where patient_id = any(\(ids))"
        }
    }

    private func open(
        _ ids: [ID<Patient>], of tenant: ID<Tenant>, account: ID<Account>?
    ) async throws -> [Found] {
        let scope = Scope(account: account?.description ?? "", role: "", tenant: tenant.description)
        let rows = try await database.read(PatientStore.row, as: scope) {
            "select \($0) from patient p where p.patient_id = any(\(ids)) and p.tenant_id = \(tenant)"
        }
        return try await patients.open(rows, as: scope) { sealed, plain in
            Found(record: try patients.record(sealed, plain), account: account)
        }
    }
}
