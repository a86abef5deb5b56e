import API
import Audit
package import Chassis
package import Crypto
import IdentityDomain
import Jobs
package import Kernel
package import Net
package import Observability
package import Postgres
import Settings
import Web

/// Where identity's parts are made and joined.
package struct Composition: Sendable {
    let parts: Dependencies
    package let accounts: AccountStore
    package let sessions: SessionStore
    let attempts: LoginAttemptStore
    let verifications: VerificationStore
    let resets: PasswordResetStore
    let requests: MailRequestStore
    let devices: DeviceStore
    let factors: SecondFactorStore
    private let factorIssuer: String
    let phoneCodes: PhoneCodeStore
    let phoneCodeRules: PhoneCodeRules
    package let mint: TokenMint
    package let hasher: PasswordHasher

    private let keyedLock = KeyedLock()
    private let asked = WakeSignal()
    let accesses: AccessLog

    /// What identity stands on; in a test without a process around it.
    package struct Dependencies: Sendable {
        package let database: Database
        package let unit: UnitOfWork
        package let ledger: Ledger
        package let clock: any WallClock
        package let metrics: Metrics
        /// Wraps the keys of personal columns.
        package let sealer: Sealer
        /// Where passwords are hashed: threads as there are cores, 32 may wait.
        package let pool: BlockingPool
        /// Who knows whether an account that waits has its entry.
        package let registrations: any RegistrationSource
        /// The audit trails of the other services.
        package let trails: any TrailSource

        package init(
            database: Database, unit: UnitOfWork, ledger: Ledger, clock: any WallClock, metrics: Metrics,
            sealer: Sealer, pool: BlockingPool, registrations: any RegistrationSource,
            trails: any TrailSource = NoTrails()
        ) {
            self.database = database
            self.unit = unit
            self.ledger = ledger
            self.clock = clock
            self.sealer = sealer
            self.pool = pool
            self.registrations = registrations
            self.metrics = metrics
            self.trails = trails
        }
    }

    /// Opens the service's keys, and makes those that are not there yet.
    package init(_ parts: Dependencies, _ settings: IdentitySettings) async throws {
        let vault = try await Vault.open(parts.database, sealer: parts.sealer)
        self.parts = parts
        accesses = AccessLog(parts.ledger.audit, parts.database)
        accounts = try AccountStore(database: parts.database, vault: vault)
        sessions = SessionStore(database: parts.database, vault: vault)
        attempts = LoginAttemptStore(database: parts.database, vault: vault)
        verifications = VerificationStore(database: parts.database, vault: vault)
        resets = PasswordResetStore(database: parts.database, vault: vault)
        requests = MailRequestStore(database: parts.database, vault: vault, limit: settings.resend)
        devices = DeviceStore(database: parts.database, vault: vault)
        factors = SecondFactorStore(database: parts.database, vault: vault)
        factorIssuer = settings.factorIssuer
        phoneCodes = PhoneCodeStore(database: parts.database, vault: vault)
        phoneCodeRules = settings.phoneCodes
        let keys = KeyStore(database: parts.database, sealer: settings.signing)
        mint = TokenMint(
            ring: try await KeyRing(store: keys, clock: parts.clock), lifetimes: settings.lifetimes,
            issuer: settings.issuer, audience: settings.audience,
            asksAdminsForFactor: settings.asksAdminsForFactor, clock: parts.clock)
        hasher = PasswordHasher(passwords: settings.passwords, pool: parts.pool)
    }

    private var signIn: SignIn {
        SignIn(sessions: sessions, devices: devices, mint: mint, ledger: parts.ledger)
    }

    package var registration: Registration {
        Registration(
            accounts: accounts, hasher: hasher, signIn: signIn, keyedLock: keyedLock, unit: parts.unit,
            ledger: parts.ledger, clock: parts.clock)
    }
    package var login: Login {
        Login(
            accounts: accounts, attempts: attempts, hasher: hasher, check: factorCheck, signIn: signIn,
            database: parts.database, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
    }
    private var factorCheck: SecondFactorCheck {
        SecondFactorCheck(
            factors: factors, attempts: attempts, database: parts.database, ledger: parts.ledger, clock: parts.clock)
    }
    package var secondFactor: SecondFactor {
        SecondFactor(
            accounts: accounts, factors: factors, sessions: sessions, passwords: passwordChange, check: factorCheck,
            mint: mint, issuer: factorIssuer, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
    }
    package var tokens: Tokens {
        Tokens(sessions: sessions, mint: mint, database: parts.database, ledger: parts.ledger, clock: parts.clock)
    }
    package var sessionsOfCaller: Sessions {
        Sessions(sessions: sessions, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
    }
    package var passwordChange: PasswordChange {
        PasswordChange(
            accounts: accounts, attempts: attempts, sessions: sessions, hasher: hasher, unit: parts.unit,
            ledger: parts.ledger, clock: parts.clock)
    }
    package var passwordReset: PasswordReset {
        PasswordReset(
            resets: resets, requests: requests, accounts: accounts, attempts: attempts, sessions: sessions,
            hasher: hasher,
            keyedLock: keyedLock, asked: asked, database: parts.database, unit: parts.unit, ledger: parts.ledger,
            clock: parts.clock)
    }
    package var mailRequests: MailRequests {
        MailRequests(
            requests: requests, resets: resets, verifications: verifications, asked: asked, database: parts.database,
            ledger: parts.ledger, clock: parts.clock, metrics: parts.metrics)
    }
    package var setUp: SetUp {
        SetUp(
            links: SetUpStore(database: parts.database), accounts: accounts, hasher: hasher, keyedLock: keyedLock,
            database: parts.database, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
    }
    package var profile: Profile {
        Profile(
            accounts: accounts, passwords: passwordChange, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
    }
    package var users: Users {
        Users(
            accounts: accounts, sessions: sessions, unit: parts.unit, ledger: parts.ledger, accesses: accesses,
            clock: parts.clock)
    }
    package var enrolment: Enrolment {
        Enrolment(
            accounts: accounts, hasher: hasher, database: parts.database, unit: parts.unit, ledger: parts.ledger,
            clock: parts.clock)
    }
    package var verification: Verification {
        Verification(
            verifications: verifications, requests: requests, asked: asked, database: parts.database, unit: parts.unit,
            ledger: parts.ledger,
            clock: parts.clock)
    }
    package var phoneVerification: PhoneVerification {
        PhoneVerification(
            accounts: accounts, codes: phoneCodes, rules: phoneCodeRules, database: parts.database, unit: parts.unit,
            ledger: parts.ledger, clock: parts.clock)
    }
    package var waitingAccounts: WaitingAccounts {
        WaitingAccounts(
            accounts: accounts, enrolment: enrolment, registrations: parts.registrations, database: parts.database,
            clock: parts.clock)
    }
    package var contacts: Contacts { Contacts(accounts: accounts) }
    package var trail: Trail {
        Trail(
            own: AuditTrail(parts.database, parts.ledger.audit, of: .identity), others: parts.trails,
            accesses: accesses)
    }
    package var operators: Operators {
        Operators(
            accounts: accounts, links: SetUpStore(database: parts.database), factors: factors, sessions: sessions,
            hasher: hasher, database: parts.database, ledger: parts.ledger, clock: parts.clock)
    }
    package var housekeeping: Housekeeping {
        Housekeeping(
            ring: mint.ring, sessions: sessions, attempts: attempts, verifications: verifications, resets: resets,
            requests: requests, devices: devices, factors: factors, phoneCodes: phoneCodes, waiting: waitingAccounts,
            leader: .advisoryLock("housekeeping", of: parts.database), clock: parts.clock, metrics: parts.metrics)
    }
}

extension Composition {
    /// In a process of its own.
    package init(_ parts: ServiceParts) async throws {
        var reader = SettingsReader(parts.environment)
        let settings = try IdentitySettings(&reader)
        let pool = BlockingPool(name: "passwords", threads: parts.group.loops.count, queue: 32)
        try await self.init(
            Dependencies(
                database: parts.database, unit: parts.unit,
                ledger: parts.ledger, clock: parts.clock, metrics: parts.metrics,
                sealer: parts.sealer,
                pool: pool, registrations: RegistryRegistrations(parts.calls),
                trails: ServiceTrails(parts.calls)),
            settings)
        if parts.settings.isProduction, let refusal = try await operators.demoRefusal() { throw StartFault(refusal) }
    }

    package var assembled: Assembled { Assembled(routes: routes, services: [housekeeping, mailRequests]) }
}
