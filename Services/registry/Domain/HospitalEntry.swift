package import Kernel

/// What a hospital says of itself.
package struct HospitalDetails: Sendable, Equatable {
    package var name: String
    /// Where people reach it; the account's email is identity's.
    package var email: Email
    package var phone: PhoneNumber
    package var address: String
    package var city: String
    package var state: String
    package var country: String
    /// Degrees north and east.
    package var latitude: Double
    package var longitude: Double
    /// An IANA name.
    package var timezone: String
    package var prescribingPolicy: PrescribingPolicy

    package init(
        name: String, email: Email, phone: PhoneNumber, address: String, city: String, state: String, country: String,
        latitude: Double, longitude: Double, timezone: String, prescribingPolicy: PrescribingPolicy
    ) {
        self.name = name
        self.email = email
        self.phone = phone
        self.address = address
        self.city = city
        self.state = state
        self.country = country
        self.latitude = latitude
        self.longitude = longitude
        self.timezone = timezone
        self.prescribingPolicy = prescribingPolicy
    }
}

/// What an administrator decided about a hospital.
package enum HospitalVerdict: Sendable, Equatable {
    case pending, approved
    case rejected(reason: String)

    package var status: HospitalStatus {
        switch self {
        case .pending: .pending
        case .approved: .approved
        case .rejected: .rejected
        }
    }

    /// Why a hospital was rejected.
    package var reason: String? {
        if case .rejected(let reason) = self { reason } else { nil }
    }
}

/// A hospital in the directory. Its id is the tenant of its account and of its doctors'.
package struct HospitalEntry: Sendable, Equatable {
    package let id: ID<Hospital>
    package let account: ID<Account>
    package let licenseNumber: String
    package var details: HospitalDetails
    package var verdict: HospitalVerdict
    /// Whether administrators let the account in, as identity tells.
    package let isAccountActive: Bool
    package var deletedAt: Instant?
    /// Counts the changes, from 1; what an ETag is made from.
    package var version: Int64
    package let createdAt: Instant
    package var updatedAt: Instant

    package init(
        id: ID<Hospital>, account: ID<Account>, licenseNumber: String, details: HospitalDetails,
        verdict: HospitalVerdict = .pending, isAccountActive: Bool = true, deletedAt: Instant? = nil,
        version: Int64 = 1, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.account = account
        self.licenseNumber = licenseNumber
        self.details = details
        self.verdict = verdict
        self.isAccountActive = isAccountActive
        self.deletedAt = deletedAt
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package var tenant: ID<Tenant> { id.retyped() }

    /// Whether it works here: approved, let in, and not deleted.
    package var isActive: Bool { verdict == .approved && isAccountActive && deletedAt == nil }

    /// The hospital itself, or an administrator.
    package func isOpen(to caller: Caller?) -> Bool {
        caller?.role == .admin || caller?.role == .hospital && caller?.tenant == tenant
    }

    /// Whoever is not approved is found by itself and administrators alone; a deleted hospital by nobody.
    package func isFound(by caller: Caller?) -> Bool {
        deletedAt == nil && (verdict == .approved && isAccountActive || isOpen(to: caller))
    }

    /// The entry with other details, one version later; nil when nothing is different.
    package func changed(to details: HospitalDetails, at now: Instant) -> HospitalEntry? {
        // Emails are compared without case, and kept as they are typed.
        if details == self.details, details.email.text == self.details.email.text { return nil }
        return later(at: now) { $0.details = details }
    }

    /// The entry after an administrator's decision; nil when it was decided so before. A decision may be taken back by
    /// another one.
    package func reviewed(_ verdict: HospitalVerdict, at now: Instant) -> HospitalEntry? {
        verdict == self.verdict ? nil : later(at: now) { $0.verdict = verdict }
    }

    package func deleted(at now: Instant) -> HospitalEntry { later(at: now) { $0.deletedAt = now } }

    private func later(at now: Instant, _ change: (inout HospitalEntry) -> Void) -> HospitalEntry {
        var copy = self
        change(&copy)
        copy.version = version + 1
        copy.updatedAt = now
        return copy
    }
}

/// A part of a hospital.
package struct DepartmentEntry: Sendable, Equatable {
    package let id: ID<Department>
    package let hospital: ID<Hospital>
    package let name: String
    package let description: String?
    package let deletedAt: Instant?
    package let version: Int64
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(
        id: ID<Department>, hospital: ID<Hospital>, name: String, description: String?, deletedAt: Instant? = nil,
        version: Int64 = 1, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.hospital = hospital
        self.name = name
        self.description = description
        self.deletedAt = deletedAt
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// One version later; nil when nothing is different.
    package func changed(name: String, description: String?, at now: Instant) -> DepartmentEntry? {
        guard name != self.name || description != self.description else { return nil }
        return DepartmentEntry(
            id: id, hospital: hospital, name: name, description: description, version: version + 1,
            createdAt: createdAt, updatedAt: now)
    }
}
