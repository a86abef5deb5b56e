package import Kernel
import Postgres
import RegistryDomain
import Sealing

/// Records whose search tokens were made by an older rule: by an earlier release, or by a process of the last one that
/// still runs beside this. Until their tokens are made anew, every search of their tenant opens them.
extension PatientStore {
    /// The words of migration 13.
    private static let isOfOlderRule: SQL = "p.grams[1] is distinct from 4"

    /// Where such a record is.
    package struct Place: Sendable, CustomStringConvertible {
        package let patient: ID<Patient>
        let owner: ID<Account>
        let tenant: ID<Tenant>

        package var description: String { patient.description }

        fileprivate static let row = Projection(
            Column<ID<Patient>>("patient_id"), Column<ID<Account>>("owner_id"), Column<ID<Tenant>>("tenant_id"),
            make: Place.init)
    }

    /// Some of them, of whatever tenant.
    package func placesOfOlderRule(atMost limit: Int) async throws -> [Place] {
        try await database.read(Place.row) { "select \($0) from search_renewal limit \(limit)" }
    }

    /// Makes the record's tokens anew. It stays the version it is: nothing that anybody reads has changed.
    package func renewTokens(at place: Place) async throws {
        let scope = Scope(account: place.owner.description, role: "", tenant: place.tenant.description)
        try await database.transaction(as: scope) { tx in
            let found = try await tx.run(Self.row + Self.wrappedKey) {
                """
                select \($0) from patient p
                where p.patient_id = \(place.patient) and p.tenant_id = \(place.tenant) and \(sql: Self.isOfOlderRule)
                for no key update of p
                """
            }.first
            if let (sealed, wrapped) = found {
                let record = try open(sealed, with: try vault.accounts.key(wrapped, of: sealed.owner))
                try await tx.run(
                    """
                    update patient set grams = \(Vault.tokenRule)
                    where patient_id = \(record.id) and tenant_id = \(record.tenant)
                    """)
                try await keepTokens(of: record, in: tx)
            }
            try await tx.run("delete from search_renewal where patient_id = \(place.patient)")
        }
    }
}
