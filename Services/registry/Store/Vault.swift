package import Crypto
import Kernel
package import Postgres
import RegistryDomain
import Sealing

/// What seals registry's personal columns and finds them again: a data key per account that keeps patients, one per
/// provider, and the keyed indexes. Tokens of one tenant are not those of another: equal names of two tenants do not
/// meet.
package struct Vault: Sendable {
    /// Kept in the table `data_key`.
    let accounts: DataKeys<Account>
    /// Kept beside the provider's entry.
    let providers: DataKeys<Provider>
    private let keys: ServiceKeys

    /// Opens the service's own keys, which the first process of all makes.
    package static func open(_ database: Database, sealer: Sealer) async throws -> Vault {
        Vault(
            accounts: DataKeys(of: "registry.account", sealer: sealer),
            providers: DataKeys(of: "registry.provider", sealer: sealer),
            keys: try await ServiceKeys.open(database, sealer: sealer, purpose: "registry search"))
    }

    /// The rule by which tokens are made; the first of each row's tokens. A trigger knows the number, so another rule
    /// is another migration. Rule 1, which folded case alone, wrote no number.
    static let tokenRule: Int64 = 2

    /// What is kept beside a record for the search.
    func tokens(of details: PatientDetails, for tenant: ID<Tenant>) -> [Int64] {
        let blind = blindIndex(of: tenant)
        return [Self.tokenRule] + Set(PatientSearch.texts(of: details).flatMap { blind.grams(of: $0) }).sorted()
    }

    /// What every match of the search has among its tokens; what has them may still be no match.
    func tokens(of search: PatientSearch, for tenant: ID<Tenant>) -> [Int64] {
        let blind = blindIndex(of: tenant)
        return Set(search.words.flatMap { blind.grams(searching: $0) }).sorted()
    }

    private func blindIndex(of tenant: ID<Tenant>) -> BlindIndex { keys.index(of: "registry.patient/\(tenant)") }

    /// What equal texts of a field have in common, and nothing else.
    func mark(_ text: String, of field: String) -> [UInt8] { keys.index(of: field).exact(text) }
}
