import API
import Kernel
import Net
import Settings

/// An access token for an account. Beside identity's program (`IDENTITY_PROGRAM`, as `make praxis` sets it) identity
/// itself is asked, so that no gateway counts a login; elsewhere the gateway is, as by any client.
struct AccessToken: Sendable {
    let who: Operator

    /// `code` is asked for the second factor, where the account has one.
    func make(_ username: String, _ password: Secret, code: @escaping @Sendable () -> Secret? = { nil })
        async throws -> String
    {
        let named = Setting.text("IDENTITY_PROGRAM", default: "", help: "The program of identity.")
        guard try !who.read(named).isEmpty else {
            let url = try who.read(GatewayAPI.address)
            return try await Network.use { group in
                try await GatewayAPI(url, group: group).token(username, password, code: code)
            }
        }
        let program = try ServiceProgram(.identity, for: who)
        var answer = try program.capture(["token", username], input: password)
        if answer.status == Self.needsCode, let code = code() {
            let lines = Secret(password.expose() + "\n" + code.expose())
            answer = try program.capture(["token", username], input: lines)
        }
        guard answer.status == 0 else {
            throw Failure(.unavailable, answer.status == Self.needsCode ? "A one-time code is required." : "No token.")
        }
        return answer.output
    }

    /// What identity's program ends with when the second factor's code is missing (EX_NOPERM).
    private static let needsCode: Int32 = 77
}
