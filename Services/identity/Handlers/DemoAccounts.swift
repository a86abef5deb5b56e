import API
import Chassis
import Crypto
import Events
import IdentityDomain
import Kernel
import Lifecycle
import Postgres
import Web

/// The demonstration's accounts where they must not work: their passwords stand in the documents.
extension Operators {
    /// Why a production refuses to start; nil where no demo account works with its known password.
    package func demoRefusal() async throws -> String? {
        let names = try await workingDemo().map(\.username)
        if names.isEmpty { return nil }
        let accounts = names.count == 1 ? "account \(names[0]) works" : "accounts \(names.joined(separator: ", ")) work"
        return "The demo \(accounts), with a password that anybody knows; `praxis demo remove` takes it away."
    }

    /// Switches them off, ends their sessions and takes their passwords away. What they keep stays.
    package func removeDemo() async throws -> [(username: String, outcome: Outcome)] {
        var outcomes: [(String, Outcome)] = []
        for account in try await workingDemo() {
            let hash = try await hasher.hash(Secret(Base64URL.encode(Random.bytes(32))), until: .never)
            try await remove(account, leaving: hash)
            outcomes.append((account.username, .removed))
        }
        return outcomes
    }

    private func remove(_ account: UserAccount, leaving hash: String) async throws {
        let now = clock.now
        try await database.transaction { tx in
            guard let found = try await accounts.lock(account.id, in: tx) else { return }
            var changed = found
            changed.isActive = false
            changed.updatedAt = now
            changed.version = found.version + 1
            try await accounts.update(changed, in: tx)
            try await accounts.replacePassword(of: account.id, with: hash, at: now, in: tx)
            let ended = try await sessions.endAll(of: account.id, because: .accountDeactivated, at: now, in: tx)
            let fact = StandingFact(account: account.id, role: account.role, version: changed.version)
            try await ledger.record(
                .accountDeactivated(fact), as: "account.removed_by_operator", with: Event.ended(ended, of: account.id),
                from: .command("demo remove"), in: tx)
        }
    }

    private func workingDemo() async throws -> [UserAccount] {
        var found: [UserAccount] = []
        let all = Operators.demo.map { (username: $0.username, password: $0.password) } + Operators.demoRegistered
        for (username, password) in all {
            for candidate in try await accounts.candidates(for: username) where candidate.account.isActive {
                let verdict = try await hasher.verify(Secret(password), against: candidate.passwordHash)
                if case .matches = verdict { found.append(candidate.account) }
            }
        }
        return found
    }
}
