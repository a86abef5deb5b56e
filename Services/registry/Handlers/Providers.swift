package import API
import Audit
import Chassis
import Events
package import Kernel
import Postgres
import RegistryDomain
package import Web

/// Providers as others find them, and as administrators judge them.
package struct Providers: Sendable {
    let store: ProviderStore
    let unit: UnitOfWork
    let ledger: Ledger
    let accesses: AccessLog
    let clock: any WallClock

    package func show(_ input: ByID<Provider>, _ call: Call) async throws -> Item<ProviderView> {
        guard let entry = try await store.find(input.id), entry.isFound(by: call.caller) else {
            throw Problem.notFound
        }
        let isOpen = entry.isOpen(to: call.caller)
        if isOpen, call.caller?.account != entry.account {
            try await accesses.seen("provider.read", subject: "provider/\(entry.id)", from: call.origin)
        }
        // Two who see different things of one version must not be told that nothing changed.
        return Item(ProviderView(entry, isOpen: isOpen), version: isOpen ? entry.version : nil)
    }

    package func specializations(_: NoInput, _: Call) async throws -> Listing<SpecializationView> {
        let views = Specialization.allCases.map { SpecializationView($0) }
        return Listing(
            Page(items: views, total: views.count), asked: PageRequest(size: PageRequest.maximumSize))
    }

    package func list(_ query: ProvidersQuery, _ call: Call) async throws -> Listing<ProviderView> {
        let page = try await store.list(query)
        try await accesses.seen("providers.read", subject: nil, from: call.origin)
        return Listing(page.map { ProviderView($0, isOpen: true) }, asked: query.page)
    }

    /// For a mail to administrators, of which there is a row as of their own reading.
    package func pending(_ input: ByID<Account>, _ call: Call) async throws -> Item<PendingProviderView> {
        guard let entry = try await store.find(of: input.id) else { throw Problem.notFound }
        try await accesses.seen("provider.review_mailed", subject: "provider/\(entry.id)", from: call.origin)
        return Item(
            PendingProviderView(
                id: entry.id, name: entry.details.fullName, specialization: entry.details.specialization,
                licenseNumber: entry.details.licenseNumber, status: entry.verdict.status))
    }

    package func review(
        _ input: WithID<Provider, ProviderReview>, _ call: Call
    ) async throws -> Item<ProviderView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard let entry = try await store.lock(input.id, in: tx) else { throw Problem.notFound }
            try call.condition.check(entry.version)
            guard let reviewed = entry.reviewed(ProviderVerdict(input.body), at: clock.now) else {
                return Item(ProviderView(entry, isOpen: true), version: entry.version)
            }
            try await store.keep(reviewed, by: caller.account, in: tx)
            let isVerified = reviewed.verdict == .verified
            try await ledger.record(
                isVerified ? .providerVerified(entry.fact) : .providerRejected(entry.fact), from: call.origin, in: tx)
            return Item(ProviderView(reviewed, isOpen: true), version: reviewed.version)
        }
    }
}

extension ProviderDetails {
    init(_ input: RegisterProvider) {
        self.init(
            firstName: input.firstName, lastName: input.lastName, email: input.email, phone: input.phone,
            specialization: input.specialization, licenseNumber: input.licenseNumber,
            yearsOfExperience: input.yearsOfExperience,
            clinic: Clinic(
                street: input.clinic.street, city: input.clinic.city, state: input.clinic.state,
                zip: input.clinic.zip))
    }
}

extension ProviderVerdict {
    init(_ review: ProviderReview) {
        switch review.status {
        case .pending: self = .pending
        case .verified: self = .verified
        case .rejected: self = .rejected(reason: review.reason ?? "")
        }
    }

    var status: ProviderStatus {
        switch self {
        case .pending: .pending
        case .verified: .verified
        case .rejected: .rejected
        }
    }
}

extension ProviderView {
    init(_ entry: ProviderEntry, isOpen: Bool) {
        let details = entry.details
        var inner: Inner?
        if isOpen {
            inner = Inner(
                email: details.email.text, phone: details.phone.text, licenseNumber: details.licenseNumber,
                rejectionReason: entry.verdict.reason)
        }
        let clinic = details.clinic
        self.init(
            id: entry.id, firstName: details.firstName, lastName: details.lastName, displayName: details.displayName,
            specialization: details.specialization, yearsOfExperience: details.yearsOfExperience,
            clinic: PostalAddress(street: clinic.street, city: clinic.city, state: clinic.state, zip: clinic.zip),
            status: entry.verdict.status, isEmailVerified: entry.isEmailVerified, isActive: entry.isActive,
            createdAt: entry.createdAt, updatedAt: entry.updatedAt, inner: inner)
    }
}
