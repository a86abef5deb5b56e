package import Kernel

extension RegistryAPI {
    package static let registerProvider = Endpoint(
        .post, "/api/v1/provider/register", "registerProvider", of: .registry, for: .anyone,
        takes: Attempt<RegisterProvider>.self, gives: Created<RegisteredProviderView>.self,
        says: "Provider registered successfully. Verification email sent.",
        summary: "A provider makes an account and an entry in the directory", tag: "Providers",
        heading: "Registration validation failed", refuses: [.validationFailed, .serviceUnavailable],
        rate: .registration)

    package static let provider = Endpoint(
        .get, "/api/v1/provider/{id}", "getProvider", of: .registry, for: .anyone, takes: ByID<Provider>.self,
        gives: Item<ProviderView>.self, says: "Provider retrieved successfully.",
        summary: "One provider; contact data only for themselves and administrators", tag: "Providers",
        refuses: [.notFound])

    package static let specializations = Endpoint(
        .get, "/api/v1/provider/specializations", "listSpecializations", of: .registry, for: .anyone,
        gives: Listing<SpecializationView>.self, says: "Specializations retrieved successfully.",
        summary: "The fields a provider may name", tag: "Providers")

    package static let listProviders = Endpoint(
        .get, "/api/admin/providers", "listProviders", of: .registry, for: .roles([.admin]),
        takes: ProvidersQuery.self, gives: Listing<ProviderView>.self, says: "Providers retrieved successfully.",
        summary: "All providers, newest first", tag: "Administration")

    package static let reviewProvider = Endpoint(
        .patch, "/api/admin/providers/{id}/verification", "reviewProvider", of: .registry, for: .roles([.admin]),
        takes: WithID<Provider, ProviderReview>.self, gives: Item<ProviderView>.self,
        says: "Provider verification updated.", summary: "Verify a provider, or reject them with a reason",
        tag: "Administration", refuses: [.notFound, .validationFailed, .preconditionFailed])

    package static let registration = Endpoint(
        .get, "/internal/registrations/{id}", "registration", of: .registry, for: .services([.identity]),
        takes: ByID<Account>.self, gives: Item<RegistrationView>.self, says: "Registration found.",
        summary: "Whether an account's entry was committed", tag: "Internal", refuses: [.notFound])

    package static let pendingProvider = Endpoint(
        .get, "/internal/registrations/{id}/provider", "pendingProvider", of: .registry, for: .services([.notifier]),
        takes: ByID<Account>.self, gives: Item<PendingProviderView>.self, says: "Provider found.",
        summary: "The provider of an account, as an administrator must know them to decide", tag: "Internal",
        refuses: [.notFound])

    static let providers: [Declaration] = [
        registerProvider.declaration, provider.declaration, specializations.declaration, listProviders.declaration,
        reviewProvider.declaration, registration.declaration, pendingProvider.declaration,
    ]
}
