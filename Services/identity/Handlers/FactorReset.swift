import Chassis
import Events
import IdentityDomain
import Kernel
import Postgres

extension Operators {
    /// For who has lost authenticator and recovery codes, and has proven to a person who they are. The password stays
    /// as it is; a security mail is sent to them.
    package func resetFactor(of username: String) async throws -> Outcome {
        guard let id = try await accounts.id(of: username) else {
            throw Problem(.notFound, "There is no account of that username.")
        }
        return try await database.transaction { tx in
            guard let account = try await accounts.lock(id, in: tx) else { throw Problem.notFound }
            guard try await factors.remove(id, in: tx) else { return .hadNoFactor }
            let fact = AccountFact(account: id, role: account.role)
            try await ledger.record(
                .secondFactorDisabled(fact), as: "second_factor.reset_by_operator",
                from: .command("reset-second-factor"), in: tx)
            return .factorReset
        }
    }
}
