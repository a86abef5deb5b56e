package import API
import Chassis
package import Kernel
package import Web

/// A code for something that another service does and that wants one, as breaking the glass does.
extension SecondFactor {
    package func prove(
        _ input: WithID<Account, SecondFactorProof>, _ call: Call
    ) async throws -> Item<ProvenFactorView> {
        guard try await factors.state(of: input.id).confirmedAt != nil else {
            return Item(ProvenFactorView(hasFactor: false))
        }
        guard let code = input.body.code else { throw SecondFactorCheck.isMissing }
        try await check.begin(code, of: input.id)
        return try await check.whileRecording(input.id, from: call.origin) {
            try await unit.write(call) { tx in
                guard try await accounts.lock(input.id, in: tx) != nil else { throw Problem.notFound }
                guard try await check.use(code, of: input.id, from: call.origin, in: tx) else {
                    // Whoever asks is signed in: the code is a field of theirs.
                    throw Problem(
                        .otpInvalid, SecondFactorCheck.isWrong.message,
                        errors: Problem.field("otp", SecondFactorCheck.isWrong.message).errors)
                }
                return Item(ProvenFactorView(hasFactor: true))
            }
        }
    }
}
