package import Kernel

/// What a provider says of themselves when they register.
package struct ProviderDetails: Sendable, Equatable {
    package let firstName: String
    package let lastName: String
    package let email: Email
    package let phone: PhoneNumber
    package let specialization: Specialization
    package let licenseNumber: String
    package let yearsOfExperience: Int
    package let clinic: Clinic

    /// Where the provider practises.
    package struct Clinic: Sendable, Equatable {
        package let street: String
        package let city: String
        package let state: String
        package let zip: String

        package init(street: String, city: String, state: String, zip: String) {
            self.street = street
            self.city = city
            self.state = state
            self.zip = zip
        }
    }

    package init(
        firstName: String, lastName: String, email: Email, phone: PhoneNumber, specialization: Specialization,
        licenseNumber: String, yearsOfExperience: Int, clinic: Clinic
    ) {
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.phone = phone
        self.specialization = specialization
        self.licenseNumber = licenseNumber
        self.yearsOfExperience = yearsOfExperience
        self.clinic = clinic
    }

    package var fullName: String { "\(firstName) \(lastName)" }
    package var displayName: String { fullName.lowercased().hasPrefix("dr. ") ? fullName : "Dr. \(fullName)" }
}

/// What an administrator decided; the email is proven elsewhere and decides nothing here.
package enum ProviderVerdict: Sendable, Equatable {
    case pending, verified
    case rejected(reason: String)
}

/// A self-registered provider's entry in the directory.
package struct ProviderEntry: Sendable, Equatable {
    package let id: ID<Provider>
    package let account: ID<Account>
    package let details: ProviderDetails
    package var verdict: ProviderVerdict
    package var isEmailVerified: Bool
    package var isActive: Bool
    /// Counts the changes, from 1; what an ETag is made from.
    package var version: Int64
    package let createdAt: Instant
    package var updatedAt: Instant

    package init(
        id: ID<Provider>, account: ID<Account>, details: ProviderDetails, verdict: ProviderVerdict = .pending,
        isEmailVerified: Bool = false, isActive: Bool = true, version: Int64 = 1, createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.account = account
        self.details = details
        self.verdict = verdict
        self.isEmailVerified = isEmailVerified
        self.isActive = isActive
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The provider themselves, or an administrator.
    package func isOpen(to caller: Caller?) -> Bool { caller?.account == account || caller?.role == .admin }

    /// Whoever is rejected or shut out is in the directory no more, but for themselves and administrators.
    package func isFound(by caller: Caller?) -> Bool {
        if case .rejected = verdict { return isOpen(to: caller) }
        return isActive || isOpen(to: caller)
    }

    /// The entry after an administrator's decision, one version later; nil when it was decided so before. A decision
    /// may be taken back by another one.
    package func reviewed(_ verdict: ProviderVerdict, at now: Instant) -> ProviderEntry? {
        guard verdict != self.verdict else { return nil }
        var copy = self
        copy.verdict = verdict
        copy.version = version + 1
        copy.updatedAt = now
        return copy
    }
}
