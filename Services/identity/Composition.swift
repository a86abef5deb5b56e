import API
import Audit
package import Chassis
package import Crypto
import Events
import IdentityDomain
import Jobs
package import Kernel
package import Messaging
package import Net
package import Observability
package import Postgres

/// Where identity's handlers, reactions and stores are made and joined.
package struct Composition: Sendable {
    package let accounts: AccountStore
    package let mint: TokenMint
    package let hasher: PasswordHasher
    package let registration: Registration
    package let login: Login
    package let secondFactor: SecondFactor
    package let tokens: Tokens
    package let sessionsOfCaller: Sessions
    package let passwordChange: PasswordChange
    package let passwordReset: PasswordReset
    package let mailRequests: MailRequests
    package let setUp: SetUp
    package let profile: Profile
    package let emailChange: EmailChange
    package let users: Users
    package let enrolment: Enrolment
    package let verification: Verification
    package let phoneVerification: PhoneVerification
    package let waitingAccounts: WaitingAccounts
    package let contacts: Contacts
    package let reaction: OnRegistryEvent
    package let recordsReaction: OnRecordsEvent
    /// Does what is to be done about an event, once, whoever brings it.
    package let handler: EventHandler
    package let handedEvents: HandedEvents
    package let trail: Trail
    package let dashboard: Dashboard
    package let operators: Operators
    package let housekeeping: Housekeeping

    /// What identity stands on; in a test without a process around it.
    package struct Dependencies: Sendable {
        package let database: Database
        package let unit: UnitOfWork
        package let ledger: Ledger
        package let clock: any WallClock
        package let metrics: Metrics
        /// Wraps the keys of personal columns.
        package let sealer: Sealer
        /// Where passwords are hashed: threads as there are cores, 512 may wait.
        package let pool: BlockingPool
        /// Who knows whether an account that waits has its entry.
        package let registrations: any RegistrationSource
        /// The audit trails of the other services.
        package let trails: any TrailSource
        /// What belongs to accounts in registry.
        package let directory: any DashboardSource

        package init(
            database: Database, unit: UnitOfWork, ledger: Ledger, clock: any WallClock, metrics: Metrics,
            sealer: Sealer, pool: BlockingPool, registrations: any RegistrationSource,
            trails: any TrailSource = NoTrails(), directory: any DashboardSource = NoDirectory()
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
            self.directory = directory
        }
    }

    /// Opens the service's keys, and makes those that are not there yet.
    package init(_ dependencies: Dependencies, _ settings: IdentitySettings) async throws {
        let database = dependencies.database
        let unit = dependencies.unit
        let ledger = dependencies.ledger
        let clock = dependencies.clock
        let vault = try await Vault.open(database, sealer: dependencies.sealer)
        let stores = try Stores(database, vault, settings)
        hasher = PasswordHasher(
            passwords: settings.passwords, pool: dependencies.pool, hashTime: settings.expectedHashTime)
        let accesses = AccessLog(ledger.audit, database)
        let keyedLock = KeyedLock()
        let asked = WakeSignal()
        let ring = try await KeyRing(store: KeyStore(database: database, sealer: settings.signing), clock: clock)
        mint = TokenMint(
            ring: ring, lifetimes: settings.lifetimes, issuer: settings.issuer, audience: settings.audience,
            asksAdminsForFactor: settings.asksAdminsForFactor, forcesPasswordChange: settings.forcesPasswordChange,
            clock: clock)
        accounts = stores.accounts

        // Signing in.
        let signIn = SignIn(sessions: stores.sessions, devices: stores.devices, mint: mint, ledger: ledger)
        let factorCheck = SecondFactorCheck(
            factors: stores.factors, attempts: stores.attempts, database: database, ledger: ledger, clock: clock)
        registration = Registration(
            accounts: accounts, hasher: hasher, signIn: signIn, keyedLock: keyedLock, unit: unit, ledger: ledger,
            clock: clock)
        login = Login(
            accounts: accounts, attempts: stores.attempts, hasher: hasher, check: factorCheck, signIn: signIn,
            database: database, unit: unit, ledger: ledger, clock: clock)
        tokens = Tokens(sessions: stores.sessions, mint: mint, database: database, ledger: ledger, clock: clock)
        sessionsOfCaller = Sessions(sessions: stores.sessions, unit: unit, ledger: ledger, clock: clock)

        // Passwords and second factors.
        passwordChange = PasswordChange(
            accounts: accounts, attempts: stores.attempts, sessions: stores.sessions, hasher: hasher, unit: unit,
            ledger: ledger, clock: clock)
        secondFactor = SecondFactor(
            accounts: accounts, factors: stores.factors, sessions: stores.sessions, passwords: passwordChange,
            check: factorCheck, mint: mint, issuer: settings.factorIssuer, unit: unit, ledger: ledger, clock: clock)
        passwordReset = PasswordReset(
            resets: stores.resets, requests: stores.requests, accounts: accounts, attempts: stores.attempts,
            sessions: stores.sessions, hasher: hasher, keyedLock: keyedLock, asked: asked, database: database,
            unit: unit, ledger: ledger, clock: clock)
        setUp = SetUp(
            links: stores.setUpLinks, accounts: accounts, hasher: hasher, keyedLock: keyedLock, database: database,
            unit: unit, ledger: ledger, clock: clock)

        // Accounts, their emails and phones.
        emailChange = EmailChange(
            changes: stores.emailChanges, requests: stores.requests, accounts: accounts, asked: asked,
            database: database, unit: unit, ledger: ledger, clock: clock)
        profile = Profile(
            accounts: accounts, passwords: passwordChange, emailChange: emailChange,
            directory: dependencies.directory, unit: unit, ledger: ledger, clock: clock)
        users = Users(
            accounts: accounts, sessions: stores.sessions, unit: unit, ledger: ledger, accesses: accesses,
            clock: clock)
        enrolment = Enrolment(
            accounts: accounts, registrations: dependencies.registrations, hasher: hasher, database: database,
            unit: unit, ledger: ledger, clock: clock)
        verification = Verification(
            verifications: stores.verifications, requests: stores.requests, asked: asked, database: database,
            unit: unit, ledger: ledger, clock: clock)
        phoneVerification = PhoneVerification(
            accounts: accounts, codes: stores.phoneCodes, rules: settings.phoneCodes, database: database, unit: unit,
            ledger: ledger, clock: clock)
        contacts = Contacts(accounts: accounts)
        reaction = OnRegistryEvent(accounts: accounts, sessions: stores.sessions, ledger: ledger, clock: clock)
        recordsReaction = OnRecordsEvent(accounts: accounts, ledger: ledger)
        handler = EventHandler(
            consumer: ServiceName.identity.rawValue, database: database,
            hears: { OnRegistryEvent.copied.contains($0) || OnRecordsEvent.heard.contains($0) },
            effect: { [reaction, recordsReaction] envelope, tx in
                try await reaction.react(envelope, in: tx)
                try await recordsReaction.react(envelope, in: tx)
            })
        handedEvents = HandedEvents(handler: handler, of: .registry)

        // Administrators and operators.
        trail = Trail(
            own: AuditTrail(database, ledger.audit, of: .identity), others: dependencies.trails, accesses: accesses)
        dashboard = Dashboard(accounts: accounts, directory: dependencies.directory, trail: trail)
        operators = Operators(
            accounts: accounts, links: stores.setUpLinks, factors: stores.factors, sessions: stores.sessions,
            hasher: hasher, database: database, ledger: ledger, clock: clock)

        // Work that no request starts.
        mailRequests = MailRequests(
            requests: stores.requests, resets: stores.resets, verifications: stores.verifications,
            changes: stores.emailChanges, asked: asked, database: database, ledger: ledger, clock: clock,
            metrics: dependencies.metrics)
        waitingAccounts = WaitingAccounts(
            accounts: accounts, enrolment: enrolment, registrations: dependencies.registrations, database: database,
            clock: clock)
        housekeeping = Housekeeping(
            ring: ring, sessions: stores.sessions, attempts: stores.attempts, verifications: stores.verifications,
            emailChanges: stores.emailChanges, resets: stores.resets, requests: stores.requests,
            devices: stores.devices, factors: stores.factors, phoneCodes: stores.phoneCodes, waiting: waitingAccounts,
            leader: .advisoryLock("housekeeping", of: database), clock: clock, metrics: dependencies.metrics)
    }

    /// Each asks one database, and seals with one vault.
    private struct Stores {
        let accounts: AccountStore
        let sessions: SessionStore
        let attempts: LoginAttemptStore
        let verifications: VerificationStore
        let emailChanges: EmailChangeStore
        let resets: PasswordResetStore
        let requests: MailRequestStore
        let devices: DeviceStore
        let factors: SecondFactorStore
        let phoneCodes: PhoneCodeStore
        let setUpLinks: SetUpStore

        init(_ database: Database, _ vault: Vault, _ settings: IdentitySettings) throws {
            accounts = try AccountStore(database: database, vault: vault)
            sessions = SessionStore(database: database, vault: vault)
            attempts = LoginAttemptStore(database: database, vault: vault)
            verifications = VerificationStore(database: database, vault: vault)
            emailChanges = EmailChangeStore(database: database, vault: vault)
            resets = PasswordResetStore(database: database, vault: vault)
            requests = MailRequestStore(database: database, vault: vault, limit: settings.resend)
            devices = DeviceStore(database: database, vault: vault)
            factors = SecondFactorStore(database: database, vault: vault)
            phoneCodes = PhoneCodeStore(database: database, vault: vault)
            setUpLinks = SetUpStore(database: database)
        }
    }
}
