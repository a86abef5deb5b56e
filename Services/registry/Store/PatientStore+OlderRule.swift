package import Kernel
import Postgres
import RegistryDomain
import Sealing

/// Records that an earlier release wrote, or a process of the last one that still runs beside this: what they are found
/// by was made by an older rule. Until it is made anew, a search opens them.
extension PatientStore {
    /// Where such a record is.
    package struct Place: Sendable, CustomStringConvertible {
        package let patient: ID<Patient>
        let tenant: ID<Tenant>

        package var description: String { patient.description }

        fileprivate static let row = Projection(
            Column<ID<Patient>>("patient_id"), Column<ID<Tenant>>("tenant_id"), make: Place.init)
    }

    /// Some of them, of whatever tenant.
    package func placesOfOlderRule(atMost limit: Int) async throws -> [Place] {
        try await database.read(Place.row) {
            """
            (select \($0) from search_renewal limit \(limit))
            union (select \($0) from patient_search where texts is null limit \(limit)) limit \(limit)
            """
        }
    }

    /// Makes anew what the record is found by. It stays the version it is: nothing that anybody reads has changed.
    package func renewTokens(at place: Place) async throws {
        let scope = Scope(account: "", role: "", tenant: place.tenant.description)
        try await database.transaction(as: scope) { tx in
            let found = try await tx.run(Self.row + Self.wrappedKey) {
                """
                select \($0) from patient p
                where p.patient_id = \(place.patient) and p.tenant_id = \(place.tenant) for no key update of p
                """
            }.first
            if let (sealed, wrapped) = found {
                let key = try vault.accounts.key(wrapped, of: sealed.owner)
                let record = try open(sealed, with: key)
                try await tx.run(
                    """
                    update patient set grams = \(Vault.searchRule)
                    where patient_id = \(record.id) and tenant_id = \(record.tenant)
                    """)
                try await keepSearched(record, under: key, hasOtherTexts: true, in: tx)
            }
            try await tx.run("delete from search_renewal where patient_id = \(place.patient)")
        }
    }
}
