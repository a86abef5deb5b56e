import API
package import Chassis
import JSON
package import Kernel
package import Lifecycle

/// Whoever knows second factors.
package protocol FactorSource: Sendable {
    /// Uses a code up; false of an account without a second factor.
    /// - Throws: `otp_required` where there is one and no code, `otp_invalid`, `rate_limited`.
    func prove(
        _ code: Secret?, of account: ID<Account>, for origin: Origin, until deadline: Deadline
    ) async throws -> Bool
}

/// Asks identity.
package struct IdentityFactors: FactorSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func prove(
        _ code: Secret?, of account: ID<Account>, for origin: Origin, until deadline: Deadline
    ) async throws -> Bool {
        let answer = try await calls.ask(
            SecondFactorAPI.prove.declaration, path: [account.description],
            body: ["otp": code.map { .string($0.expose()) } ?? .null], for: origin, until: deadline)
        guard let hasFactor = answer["has_second_factor"]?.bool else { throw Problem.unavailable() }
        return hasFactor
    }
}
