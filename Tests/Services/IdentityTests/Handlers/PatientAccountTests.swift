import API
import Identity
import JSON
import Kernel
import Postgres
import Testing
import Web

extension World {
    /// A registered patient, confirmed: the account, and whom its tokens speak for.
    func patient(
        _ email: String = "jane@example.com", phone: String? = "+1234567890"
    ) async throws -> (account: ID<Account>, caller: Caller) {
        guard let address = Email(email) else { throw Problem.internalError }
        let account = try await composition.enrolment.open(
            PendingAccount(
                registrant: .make(at: clock.now), role: .patient, name: "Jane Smith", email: address,
                password: Secret(World.strong), phone: phone.flatMap { PhoneNumber($0) }),
            call(EnrolmentAPI.open.declaration)
        ).view.account
        try await confirm(account)
        return (account, try caller(try await logInPatient(email).tokens))
    }

    func logInPatient(_ email: String, _ password: String = strong) async throws -> PatientSignedInView {
        try await composition.login.logInPatient(
            try LogIn(["email": .string(email), "password": .string(password)]),
            call(VerificationAPI.logInPatient.declaration)
        ).view
    }

    func verifyPatient(_ token: String?) async throws -> VerifiedPatientView {
        try await composition.verification.verifyPatient(
            try VerificationToken(["token": .string(token ?? "")]), call(VerificationAPI.verifyPatient.declaration)
        ).view
    }
}

struct PatientAccountTests {
    @Test func `a patient logs in and sees what of theirs is proven`() async throws {
        try await withIdentity { world in
            let (account, caller) = try await world.patient()
            let view = try await world.logInPatient("Jane@Example.com").patient
            #expect(view.user.id == account && caller.account == account && caller.role == .patient)
            #expect(view.phone == "+1234567890" && !view.isEmailVerified && !view.isPhoneVerified)
            let wrong = Problem(.invalidCredentials, "Invalid credentials.")
            await #expect(throws: wrong) { try await world.logInPatient("jane@example.com", "Other-Pass-1") }
            await #expect(throws: wrong) { try await world.logInProvider("jane@example.com") }
            _ = try await world.register("maria@example.com")
            await #expect(throws: wrong) { try await world.logInPatient("maria@example.com") }
        }
    }

    @Test func `a token from the mail proves a patient's email once, and at a provider's door nothing`() async throws {
        try await withIdentity { world in
            let (account, _) = try await world.patient()
            let token = try await world.token(of: account)
            let invalid = Problem.field("token", "This verification link is invalid or has expired.")
            await #expect(throws: invalid) { try await world.verify(token) }
            let view = try await world.verifyPatient(token)
            #expect(view.email == "jane@example.com")
            #expect(try await world.logInPatient("jane@example.com").patient.patient == view.patient)
            #expect(try await world.logInPatient("jane@example.com").patient.isEmailVerified)
            await #expect(throws: invalid) { try await world.verifyPatient(token) }
            #expect(try await world.events().filter { $0 == "identity.email_verified.v1" }.count == 1)
        }
    }

    @Test func `a mail is sent again to whoever waits for it as a patient`() async throws {
        try await withIdentity { world in
            _ = try await world.patient()
            for email in ["jane@example.com", "nobody@example.com"] {
                _ = try await world.composition.verification.resendToPatient(
                    try EmailOnly(["email": .string(email)]), world.call(VerificationAPI.resendToPatient.declaration))
            }
            try await world.composition.mailRequests.once()
            #expect(try await world.events().filter { $0 == "identity.verification_requested.v1" }.count == 2)
        }
    }

    @Test func `a row says neither the phone nor the name, not even as a username`() async throws {
        try await withIdentity { world in
            _ = try await world.patient()
            let text = try await world.database.read("select string_agg(a::text, ' ') from account a").one.text(0)
            #expect(!text.contains("1234567890") && !text.contains("31323334353637383930"))
            #expect(!text.lowercased().contains("jane") && !text.lowercased().contains("smith"))
            #expect(try await world.logInPatient("jane@example.com").patient.user.username.hasPrefix("patient"))
        }
    }
}
