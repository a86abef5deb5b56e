import API
import Identity
import JSON
import Kernel
import Postgres
import Testing
import Web

extension World {
    func open(_ email: String, _ role: Role = .doctor, password: String = strong) async throws -> ID<Account> {
        guard let address = Email(email) else { throw Problem.internalError }
        return try await composition.enrolment.open(
            PendingAccount(
                registrant: .make(at: clock.now), role: role, name: "John Doe", email: address,
                password: Secret(password)), call(EnrolmentAPI.open.declaration)
        ).view.account
    }

    func confirm(_ account: ID<Account>) async throws {
        _ = try await composition.enrolment.confirm(ByID(account), call(EnrolmentAPI.confirm.declaration))
    }

    func logInProvider(_ email: String, _ password: String = strong) async throws -> ProviderSignedInView {
        try await composition.login.logInProvider(
            try LogIn(["email": .string(email), "password": .string(password)]),
            call(VerificationAPI.logInProvider.declaration)
        ).view
    }
}

struct EnrolmentTests {
    @Test func `an account that waits cannot log in; confirmed, it can, and all is told once`() async throws {
        try await withIdentity { world in
            let account = try await world.open("john.doe@clinic.com")
            await #expect(throws: Problem(.invalidCredentials, "Invalid credentials.")) {
                try await world.logInProvider("john.doe@clinic.com")
            }
            #expect(try await world.events() == [])
            try await world.confirm(account)
            try await world.confirm(account)
            let expected = ["identity.account_registered.v1", "identity.verification_requested.v1"]
            #expect(try await world.events() == expected)
            let view = try await world.logInProvider("John.Doe@Clinic.com")
            #expect(view.provider.user.id == account && view.provider.user.role == .doctor)
            #expect(!view.provider.isEmailVerified)
            // The plain name stays free for whoever asks for it.
            #expect(try await world.register("other@example.com", username: "johndoe").user.username == "johndoe")
        }
    }

    @Test func `each administrator is asked to review a provider, and nobody to review a patient`() async throws {
        try await withIdentity { world in
            for name in ["first", "second"] {
                _ = try await world.composition.operators.make(
                    try Operators.NewAccount(
                        username: name, name: "An Admin", email: "\(name)@praxis.example", role: .admin,
                        password: Secret("Kolibri-Gletscher-77")))
            }
            try await world.confirm(try await world.open("john@clinic.com"))
            #expect(try await world.events().filter { $0 == "identity.review_asked.v1" }.count == 2)
            try await world.confirm(try await world.open("jane@example.com", .patient))
            #expect(try await world.events().filter { $0 == "identity.review_asked.v1" }.count == 2)
        }
    }

    @Test func `one that broke off blocks nobody, and is forgotten when its entry can come no more`() async throws {
        try await withIdentity { world in
            let broken = try await world.open("john@clinic.com", password: "First-Attempt-1")
            let second = try await world.open("john@clinic.com")
            try await world.confirm(second)
            world.registrations.set([second])
            world.clock.pass(.seconds(600))
            try await world.composition.waitingAccounts.settle()
            #expect(try await world.count("account") == 2)
            world.clock.pass(.seconds(3600))
            try await world.composition.waitingAccounts.settle()
            #expect(try await world.count("account") == 1)
            #expect(try await world.logInProvider("john@clinic.com").provider.user.id == second)
            #expect(broken != second)
        }
    }

    @Test func `one whose entry was committed is confirmed late, and never forgotten`() async throws {
        try await withIdentity { world in
            let account = try await world.open("john@clinic.com")
            world.registrations.set(nil)
            world.clock.pass(.seconds(90_000))
            await #expect(throws: Problem.self) { try await world.composition.waitingAccounts.settle() }
            #expect(try await world.count("account") == 1)
            world.registrations.set([account])
            try await world.composition.waitingAccounts.settle()
            #expect(try await world.logInProvider("john@clinic.com").provider.user.id == account)
            #expect(try await world.events().contains("identity.verification_requested.v1"))
        }
    }

    @Test func `an email that is taken is refused in the words of its documents`() async throws {
        try await withIdentity { world in
            try await world.confirm(try await world.open("john@clinic.com"))
            let taken = Problem.field("email", "A provider with this email already exists.")
            await #expect(throws: taken) { try await world.open("JOHN@clinic.com") }
            // Another role may have it.
            try await world.confirm(try await world.open("john@clinic.com", .patient))
            await #expect(throws: Problem.field("email", "Email is already registered")) {
                try await world.open("john@clinic.com", .patient)
            }
        }
    }

    @Test func `a staff account of the same email does not log in as a provider`() async throws {
        try await withIdentity { world in
            _ = try await world.register("maria@clinic.com")
            await #expect(throws: Problem(.invalidCredentials, "Invalid credentials.")) {
                try await world.logInProvider("maria@clinic.com")
            }
        }
    }
}
