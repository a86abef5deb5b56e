package import Forms
package import JSON
package import Kernel

/// Whose phone it is.
package struct PatientLookup: Input {
    package let phone: PhoneNumber

    private static let form = Form(.phone("phone"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["phone": "+12125550123"] }

    package init(phone: PhoneNumber) { self.phone = phone }

    package init(_ source: Source) throws(Problem) { phone = try Self.form.read(source) }

    /// The body for it.
    package var json: JSONValue { ["phone": .string(phone.text)] }
}

/// A patient with the phone that was asked for, without a name: whoever asks must not know yet who it is.
package struct PatientMatch: View, Equatable {
    package let id: ID<Patient>
    /// Nil of a record without an account.
    package let account: ID<Account>?
    package let keeper: ID<Account>
    package let tenant: ID<Tenant>

    package init(id: ID<Patient>, account: ID<Account>?, keeper: ID<Account>, tenant: ID<Tenant>) {
        self.id = id
        self.account = account
        self.keeper = keeper
        self.tenant = tenant
    }

    package static let shape = Shape<PatientMatch>(
        "PatientMatch", .id("id") { $0.id }, .maybeID("account_id") { $0.account },
        .id("keeper_account_id") { $0.keeper }, .id("tenant_id") { $0.tenant })

    init?(_ json: JSONValue) {
        guard let id: ID<Patient> = json.id("id"), let keeper: ID<Account> = json.id("keeper_account_id"),
            let tenant: ID<Tenant> = json.id("tenant_id")
        else { return nil }
        self.init(id: id, account: json.id("account_id"), keeper: keeper, tenant: tenant)
    }
}

/// Who has the phone: none, one, or several.
package struct PatientMatchesView: View, Equatable {
    package let patients: [PatientMatch]

    package init(_ patients: [PatientMatch]) { self.patients = patients }

    package static let shape = Shape<PatientMatchesView>("PatientMatches", .views("patients") { $0.patients })

    /// As registry wrote it; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let elements = json["patients"]?.array else { return nil }
        patients = elements.compactMap { PatientMatch($0) }
        guard patients.count == elements.count else { return nil }
    }
}
