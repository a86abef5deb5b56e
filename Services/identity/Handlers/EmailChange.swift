package import API
import Chassis
import Crypto
import Events
import IdentityDomain
import Jobs
package import Kernel
import Postgres
package import Web

/// A new email for an account. The old one stays the account's address until whoever reads the new one's mail has
/// proven it by a link; both hear of it.
package struct EmailChange: Sendable {
    let changes: EmailChangeStore
    let requests: MailRequestStore
    let accounts: AccountStore
    /// Tells whoever writes the events of requested mails that there is one.
    let asked: WakeSignal
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    /// Notes the new address, and asks for the mails that follow: the link, and the notice to the old address.
    func begin(_ email: Email, of account: UserAccount, from origin: Origin, in tx: Transaction) async throws {
        try await accounts.claim(email, as: account.role, in: tx)
        let now = clock.now
        if let wait = try await requests.ask(for: .emailChange, to: email, from: origin, at: now, in: tx) {
            throw Problem(
                .rateLimited, "Too many links were asked for. Please try again later.",
                retryAfter: wait.secondsRoundedUp)
        }
        try await changes.begin(email, of: account.id, until: now + VerificationRules.life, in: tx)
        try await ledger.note("account.email_change_asked", about: account.id, from: origin, in: tx)
    }

    /// Made while the mail is written, so that no event and no table ever holds a token.
    package func mintToken(_ input: ByID<Account>, _ call: Call) async throws -> Item<EmailChangeTokenView> {
        let token = "prxe_" + Base64URL.encode(Random.bytes(32))
        let email = try await database.transaction { tx in
            try await changes.keep(TokenMint.hash(Secret(token)), of: input.id, at: clock.now, in: tx)
        }
        return Item(EmailChangeTokenView(link: email.map { .init(token: token, email: $0.text) }))
    }

    /// For the notice to the address that an account had.
    package func showFormer(_ input: ByID<Account>, _ call: Call) async throws -> Item<FormerEmailView> {
        Item(FormerEmailView(email: try await changes.former(of: input.id, at: clock.now)?.text))
    }

    package func confirm(_ input: VerificationToken, _ call: Call) async throws -> Done {
        try await unit.write(call) { tx in
            let now = clock.now
            guard let proven = try await changes.redeem(TokenMint.hash(input.token), at: now, in: tx),
                let account = try await accounts.lock(proven.account, in: tx)
            else { throw Problem.field("token", "This link is invalid or has expired.") }
            try await accounts.claim(proven.email, as: account.role, in: tx)
            try await changes.leave(account.email, of: account.id, until: now + VerificationRules.life, in: tx)
            try await accounts.update(account.moved(to: proven.email, at: now), in: tx)
            try await accounts.noteProven(account.id, at: now, in: tx)
            let fact = AccountFact(account: account.id, role: account.role)
            try await ledger.record(.emailChanged(fact), by: account.id, from: call.origin, in: tx)
            return Done()
        }
    }
}
