import API
import Forms
import Identity
import IdentityDomain
import JSON
import Kernel
import Postgres
import TestSupport
import Testing
import Web

private let requested = "identity.password_reset_requested.v1"

/// Who asks for a link, and who hears of it.
struct MailRequestTests {
    private func subjects(_ world: World) async throws -> Set<String> {
        Set(
            try await world.database.read(Column<String>("subject")) {
                "select \($0) from outbox where type = \(requested)"
            })
    }

    @Test func `each account of an email that can be used is told of, in whatever role`() async throws {
        try await withIdentity { world in
            let staff = try await world.register("shared@example.com").user.id
            let doctor = try await world.open("shared@example.com")
            try await world.confirm(doctor)
            let waiting = try await world.open("shared@example.com", .patient)
            // Two of a hospital's doctors, who share the address of their department.
            let owned = try await world.register("one@example.com", name: "Some Doctor").user.id
            try await world.database.run(
                """
                update account set is_self_registered = false, role = 'doctor',
                    email_index = (select email_index from account where account_id = \(staff))
                where account_id = \(owned)
                """)
            try await world.forgot("SHARED@example.com")
            try await world.composition.mailRequests.once()
            #expect(try await subjects(world) == Set([staff, doctor, owned].map(\.description)))
            #expect(try await world.resetToken(of: waiting) == nil)
        }
    }

    @Test func `a link can be asked for three times an hour, whether or not anybody has the email`() async throws {
        try await withIdentity { world in
            _ = try await world.register("known@example.com")
            for email in ["known@example.com", "nobody@example.com"] {
                for _ in 0..<3 { try await world.forgot(email) }
                let refusal = await #expect(throws: Problem.self) { try await world.forgot(email.uppercased()) }
                #expect(refusal?.code == .rateLimited && refusal?.retryAfter == 3600)
            }
            world.clock.pass(.seconds(3600))
            try await world.forgot("known@example.com")
        }
    }

    @Test func `many who ask at once are all counted`() async throws {
        try await withIdentity(loops: 2) { world in
            let outcomes = await parallel(20) { _ in try await world.forgot("burst@example.com") }
            #expect(outcomes.filter { (try? $0.get()) != nil }.count == 3)
        }
    }

    @Test func `a repeated request is not counted again`() async throws {
        try await withIdentity { world in
            for _ in 0..<5 { _ = try? await world.forgot("repeat@example.com", key: "key-1") }
            let wishes = try await world.database.read(Column<Int>("wishes")) { "select \($0) from mail_wish" }
            #expect(wishes == [1])
        }
    }

    @Test func `the request itself does and leaves the same, whoever has the email`() async throws {
        try await withIdentity { world in
            _ = try await world.register("known@example.com")
            func traces(of email: String) async throws -> [String] {
                try await world.database.run("delete from mail_wish")
                let (events, actions) = (try await world.events().count, try await world.actions().count)
                try await world.forgot(email)
                let columns = Projection(
                    Column<Bool>("is_open"), Column<String>("request_id"), Column<Int>("octet_length(email_index)"))
                let (isOpen, request, length) = try await world.database.read(columns) {
                    "select \($0) from mail_wish"
                }.one
                return [
                    String(try await world.events().count - events), String(try await world.actions().count - actions),
                    request, String(length), String(isOpen),
                ]
            }
            #expect(try await traces(of: "known@example.com") == traces(of: "nobody@example.com"))
            #expect(try await traces(of: "known@example.com").first == "0")
        }
    }

    @Test func `two processes that look at once tell of each request once`() async throws {
        try await withIdentity(loops: 2) { world in
            let other = try await world.another()
            for number in 0..<6 {
                _ = try await world.register("many\(number)@example.com", name: "Number \(number)")
                try await world.forgot("many\(number)@example.com")
            }
            let outcomes = await parallel(4) { number in
                try await (number % 2 == 0 ? world.composition : other).mailRequests.once()
            }
            #expect(outcomes.allSatisfy { (try? $0.get()) != nil })
            #expect(try await world.events().filter { $0 == requested }.count == 6)
        }
    }

    @Test func `what follows is noted under the request that asked`() async throws {
        try await withIdentity { world in
            let user = try await world.register("trace@example.com").user
            try await world.forgot("trace@example.com")
            try await world.composition.mailRequests.once()
            let entry = Projection(Column<String>("request_id"), Column<String>("subject"))
            let (request, subject) = try await world.database.read(entry) {
                "select \($0) from audit_entry where action = 'password.reset_requested'"
            }.one
            #expect(request == "request-1")
            #expect(subject == "account/\(user.id)")
        }
    }

    /// The addresses that identity's trail shows for the action.
    private func addresses(_ world: World, of action: String) async throws -> [String?] {
        let input = try ListAudit(Source(query: [("action", action)]))
        let call = world.call(UsersAPI.audit.declaration)
        return try await world.composition.trail.list(input, call).page.items.map(\.address)
    }

    @Test func `what follows is audited with the address of whoever asked, which is kept no longer`() async throws {
        try await withIdentity { world in
            _ = try await world.register("address@example.com")
            try await world.forgot("address@example.com", from: "203.0.113.9")
            let kept = try await world.database.read(Column<[UInt8]>("sealed_address")) {
                "select \($0) from mail_wish"
            }.one
            #expect(!kept.isEmpty && !String(decoding: kept, as: UTF8.self).contains("203.0.113.9"))
            try await world.composition.mailRequests.once()
            #expect(try await addresses(world, of: "password.reset_requested") == ["203.0.113.9"])
            let isGone = try await world.database.read(Column<Bool>("sealed_address is null")) {
                "select \($0) from mail_wish"
            }.one
            #expect(isGone)
        }
    }

    @Test func `a verification asked for again is audited with its address too`() async throws {
        try await withIdentity { world in
            try await world.confirm(try await world.open("verify@example.com"))
            let declaration = VerificationAPI.resendToProvider.declaration
            _ = try await world.composition.verification.resendToProvider(
                try EmailOnly(["email": "verify@example.com"]), .test(declaration, from: "203.0.113.10"))
            try await world.composition.mailRequests.once()
            #expect(try await addresses(world, of: "account.verification_requested") == ["203.0.113.10"])
        }
    }

    @Test func `what a job or a command does is audited without an address`() async throws {
        try await withIdentity { world in
            _ = try await world.composition.operators.makeDemo()
            #expect(try await addresses(world, of: "account.made_by_operator") == [nil, nil])
            let request = try await world.database.read(Column<String>("request_id")) {
                "select distinct \($0) from audit_entry where action = 'account.made_by_operator'"
            }.one
            #expect(request == "command/create-account")
        }
    }
}
