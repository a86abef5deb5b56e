import API
import Crypto
import JSON
import Kernel
import Postgres
import RegistryDomain

/// How a provider's entry lies in its row. Names, licence, city and state are in the clear: they are searched, compared
/// or meant to be read. Email, phone, street, zip and the reason of a rejection are sealed; the columns `street`, `zip`
/// and `rejection_reason` are empty but for what a process of an earlier release wrote.
struct ProviderRow: Sendable {
    let id: ID<Provider>
    let account: ID<Account>
    let firstName: String
    let lastName: String
    let specialization: Specialization
    let licenseNumber: String
    let yearsOfExperience: Int
    let street: String
    let city: String
    let state: String
    let zip: String
    let status: String
    let rejectionReason: String?
    let isEmailVerified: Bool
    let isActive: Bool
    let wrappedKey: [UInt8]
    let sealed: [UInt8]
    let version: Int64
    let createdAt: Instant
    let updatedAt: Instant

    static let row = Projection(
        Column<ID<Provider>>("provider_id"), Column<ID<Account>>("account_id"), Column<String>("first_name"),
        Column<String>("last_name"), Column<Specialization>("specialization"), Column<String>("license_number"),
        Column<Int>("years_of_experience"), Column<String>("street"), Column<String>("city"), Column<String>("state"),
        Column<String>("zip"), Column<String>("status"), Column<String?>("rejection_reason"),
        Column<Bool>("email_verified"), Column<Bool>("is_active"), Column<[UInt8]>("wrapped_key"),
        Column<[UInt8]>("sealed_contact"), Column<Int64>("version"), Column<Instant>("created_at"),
        Column<Instant>("updated_at"), make: ProviderRow.init)

    func opened(with key: DataKey) throws -> ProviderEntry {
        let document = try JSONReader.read(try key.open(sealed, authenticating: Self.associatedData(id)))
        guard let email = document["email"]?.string.flatMap(Email.stored),
            let phone = document["phone"]?.string.flatMap({ PhoneNumber($0) }),
            let verdict = ProviderVerdict(status, reason: Self.plain(rejectionReason) ?? document["reason"]?.string)
        else { throw BrokenRow("provider", id) }
        let details = ProviderDetails(
            firstName: firstName, lastName: lastName, email: email, phone: phone, specialization: specialization,
            licenseNumber: licenseNumber, yearsOfExperience: yearsOfExperience,
            clinic: ProviderDetails.Clinic(
                street: Self.plain(street) ?? document["street"]?.string ?? "", city: city, state: state,
                zip: Self.plain(zip) ?? document["zip"]?.string ?? ""))
        return ProviderEntry(
            id: id, account: account, details: details, verdict: verdict, isEmailVerified: isEmailVerified,
            isActive: isActive, version: version, createdAt: createdAt, updatedAt: updatedAt)
    }

    static func seal(_ entry: ProviderEntry, with key: DataKey) throws -> [UInt8] {
        let details = entry.details
        let document = JSONValue.object([
            JSONMember(key: "email", value: .string(details.email.text)),
            JSONMember(key: "phone", value: .string(details.phone.text)),
            JSONMember(key: "street", value: .string(details.clinic.street)),
            JSONMember(key: "zip", value: .string(details.clinic.zip)),
            JSONMember(key: "reason", value: entry.verdict.reason.map { .string($0) } ?? .null),
        ])
        return try key.seal(document.bytes, authenticating: associatedData(entry.id))
    }

    /// Nil for what does not stand in the clear.
    private static func plain(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }

    private static func associatedData(_ id: ID<Provider>) -> AssociatedData {
        AssociatedData(table: "provider", row: id.shortText, column: "sealed_contact")
    }
}

extension ProviderVerdict {
    var reason: String? {
        if case .rejected(let reason) = self { return reason }
        return nil
    }

    /// What the column of the reason holds: that there is one.
    var emptyReason: String? { reason.map { _ in "" } }

    /// - Parameter reason: looked at for a rejection alone: a process of an earlier release that takes one back leaves
    ///   what is sealed.
    fileprivate init?(_ status: String, reason: String?) {
        switch (status, reason) {
        case ("pending", _): self = .pending
        case ("verified", _): self = .verified
        case ("rejected", let reason?): self = .rejected(reason: reason)
        default: return nil
        }
    }
}
