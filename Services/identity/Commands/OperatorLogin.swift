import API
import Forms
import IdentityDomain
import JSON
import Kernel
import Lifecycle
import Postgres

extension Login {
    /// An access token for an operator beside this service: the account proves itself as everybody does, and no gateway
    /// counts it. `readLine` gives the password, then the one-time code where there is one.
    package func accessToken(_ username: String, readLine: @Sendable () -> String?) async throws -> String {
        let (password, code) = (readLine() ?? "", readLine() ?? "")
        let body: JSONValue = [
            "username": .string(username), "password": .string(password), "otp": .string(code),
        ]
        let input = try ObtainToken(Source(body: body))
        let origin = Origin.command("token")
        let proven = try await prove(input.logIn, from: origin, until: .never)
        return try await check.whileRecording(proven.account.id, from: origin) {
            try await database.transaction { tx in
                try await enter(proven, input.logIn, "praxis", from: origin, tx).access
            }
        }
    }
}
