package import API
package import Kernel
package import Web

/// Tells identity whether what belongs to an account was committed.
package struct Registrations: Sendable {
    let store: RegistrationStore

    package func show(_ input: ByID<Account>, _ call: Call) async throws -> Item<RegistrationView> {
        guard let registrant = try await store.registrant(of: input.id) else { throw Problem.notFound }
        return Item(RegistrationView(registrant: registrant))
    }
}
