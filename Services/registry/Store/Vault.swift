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

    /// The rule by which a record is made to be found; what a row's `grams` hold. Triggers know the number, so another
    /// rule is another migration. Rule 1 folded case alone, rule 2 kept its tokens in `grams` behind the number, rule 3
    /// had none of the phone, rule 4 kept no texts beside them.
    static let searchRule: [Int64] = [5]

    /// What is kept beside a record for the search: tokens of names and email, and one of the phone.
    /// - Parameter texts: of the same details.
    func tokens(of details: PatientDetails, _ texts: SearchedTexts, for tenant: ID<Tenant>) -> [Int32] {
        let phone = details.phone.flatMap { PhoneNumber($0) }.map { token(of: $0, for: tenant) }
        return tokens(of: texts.each, for: tenant) + (phone.map { [$0] } ?? [])
    }

    /// What every record with this phone has among its tokens; what has it may still be another's.
    func token(of phone: PhoneNumber, for tenant: ID<Tenant>) -> Int32 {
        let digest = keys.index(of: "registry.patient.phone/\(tenant)").exact(phone.text)
        return Int32(bitPattern: digest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }

    /// What every match of the search has among its tokens; what has them may still be no match. None when every word
    /// is shorter than three characters.
    func tokens(of search: PatientSearch, for tenant: ID<Tenant>) -> [Int32] { tokens(of: search.words, for: tenant) }

    private func tokens(of texts: [String], for tenant: ID<Tenant>) -> [Int32] {
        let blind = blindIndex(of: tenant)
        return Set(texts.flatMap { blind.trigrams(of: $0) }).sorted()
    }

    private func blindIndex(of tenant: ID<Tenant>) -> BlindIndex { keys.index(of: "registry.patient/\(tenant)") }

    /// What equal texts of a field have in common, and nothing else.
    func mark(_ text: String, of field: String) -> [UInt8] { keys.index(of: field).exact(text) }
}
