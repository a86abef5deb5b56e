package import API
import Chassis
import Crypto
import Events
import IdentityDomain
import Jobs
package import Kernel
import Postgres
package import Web

/// Proving an email: a token that works once, known to nobody but the mail it is in.
package struct Verification: Sendable {
    let verifications: VerificationStore
    let requests: MailRequestStore
    /// Tells whoever looks for accounts that a mail was requested.
    let asked: WakeSignal
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    /// Made while the mail is written, so that no event and no table ever holds a token. A mail that is written again
    /// has another; both work until one was used.
    package func mintToken(_ input: ByID<Account>, _ call: Call) async throws -> Item<VerificationTokenView> {
        let token = "prxv_" + Base64URL.encode(Random.bytes(32))
        let isKept = try await database.transaction { tx in
            try await verifications.keep(
                TokenMint.hash(Secret(token)), of: input.id, until: clock.now + VerificationRules.life, in: tx)
        }
        guard let isKept else { throw Problem.notFound }
        return Item(VerificationTokenView(token: isKept ? token : nil))
    }

    package func verifyProvider(
        _ input: VerificationToken, _ call: Call
    ) async throws -> Item<VerifiedProviderView> {
        let proven = try await redeem(input, as: .doctor, call) { proven in
            VerifiedProviderView(provider: proven.registrant, email: proven.account.email.text)
        }
        return proven
    }

    package func resendToProvider(_ input: EmailOnly, _ call: Call) async throws -> Done {
        try await resend(to: input.email, as: .doctor, call)
    }

    package func verifyPatient(_ input: VerificationToken, _ call: Call) async throws -> Item<VerifiedPatientView> {
        try await redeem(input, as: .patient, call) { proven in
            VerifiedPatientView(patient: proven.registrant, email: proven.account.email.text)
        }
    }

    package func resendToPatient(_ input: EmailOnly, _ call: Call) async throws -> Done {
        try await resend(to: input.email, as: .patient, call)
    }

    private func redeem<Viewed: View>(
        _ input: VerificationToken, as role: Role, _ call: Call, _ view: (VerificationStore.Proven) -> Viewed
    ) async throws -> Item<Viewed> {
        try await unit.write(call) { tx in
            let hash = TokenMint.hash(input.token)
            guard let proven = try await verifications.redeem(hash, as: role, at: clock.now, in: tx) else {
                throw Problem.field("token", "This verification link is invalid or has expired.")
            }
            let id = proven.account.id
            try await ledger.record(
                .emailVerified(AccountFact(account: id, role: role)), by: id, from: call.origin, in: tx)
            return Item(view(proven))
        }
    }

    /// Who asks learns nothing about who has an account: whose email it is is looked up afterwards (`MailRequests`).
    private func resend(to email: Email, as role: Role, _ call: Call) async throws -> Done {
        let mail: WantedMail = role == .patient ? .patientVerification : .providerVerification
        let done = try await unit.write(call) { tx in
            if let wait = try await requests.ask(for: mail, to: email, from: call.origin, at: clock.now, in: tx) {
                throw Problem(
                    .rateLimited, "Too many verification emails were asked for. Please try again later.",
                    retryAfter: wait.secondsRoundedUp)
            }
            try await ledger.note("account.verification_asked", from: call.origin, in: tx)
            return Done()
        }
        asked.signal()
        return done
    }
}
