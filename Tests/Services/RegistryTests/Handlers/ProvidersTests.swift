import API
import Events
import JSON
import Kernel
import Postgres
import Registry
import Testing

extension World {
    /// The example of seed 000 with other values.
    static func provider(_ changes: [String: JSONValue] = [:]) throws -> JSONValue {
        let members = try example(RegisterProvider.self).object ?? []
        return .object(members.map { JSONMember(key: $0.key, value: changes[$0.key] ?? $0.value) })
    }

    func registerProvider(_ changes: [String: JSONValue] = [:]) async throws -> Heard {
        try await ask("registerProvider", try World.provider(changes), anonymous: true)
    }

    func refusal(_ changes: [String: JSONValue]) async throws -> [String: [String]] {
        do {
            _ = try await registerProvider(changes)
            return [:]
        } catch let problem as Problem {
            return Dictionary(uniqueKeysWithValues: problem.errors.map { ($0.field, $0.messages) })
        }
    }

    func owner(_ account: ID<Account>) -> Caller {
        Caller(account: account, role: .doctor, session: ID(high: 0xB, low: 7))
    }
}

@Suite struct ProvidersTests {
    @Test func `the documented example registers a provider and confirms the account`() async throws {
        try await withWorld { w in
            let made = try await w.registerProvider()
            #expect(made.status == 201)
            #expect(made["email"] == "john.doe@clinic.com" && made["verification_status"] == "pending")
            let id = try #require(made["provider_id"]?.string)
            #expect(made.location == "/api/v1/provider/\(id)")
            #expect(made.json.object?.count == 3)
            #expect(w.accounts.seen.opened == w.accounts.seen.confirmed && w.accounts.seen.opened.count == 1)
            #expect(try await w.events() == ["registry.provider_registered.v1"])
            let known = try await w.ask("registration", id: w.accounts.seen.opened[0].description)
            #expect(known["registrant_id"]?.string == id)
        }
    }

    @Test func `every rule has its message, and all of them come at once`() async throws {
        try await withWorld { w in
            let faults = try await w.refusal([
                "first_name": "J", "last_name": .string(String(repeating: "x", count: 51)), "email": "nobody",
                "phone_number": "0123", "password": "short", "confirm_password": "other", "specialization": "wizardry",
                "license_number": "MD-1", "years_of_experience": 51,
                "clinic_address": [
                    "street": .string(String(repeating: "s", count: 201)),
                    "city": .string(String(repeating: "c", count: 101)),
                    "state": .string(String(repeating: "t", count: 51)),
                    "zip": .string(String(repeating: "1", count: 21)),
                ],
            ])
            #expect(
                Set(faults.keys) == [
                    "first_name", "last_name", "email", "phone_number", "password", "confirm_password",
                    "specialization",
                    "license_number", "years_of_experience", "clinic_address.street", "clinic_address.city",
                    "clinic_address.state", "clinic_address.zip",
                ])
            #expect(faults["first_name"] == ["Ensure this field has at least 2 characters."])
            #expect(
                faults["password"] == [
                    "Password must contain at least 8 characters",
                    "Password must contain at least one uppercase letter.", "Password must contain at least one digit.",
                    "Password must contain at least one special character.",
                ])
            #expect(w.accounts.seen.opened.isEmpty)
        }
    }

    @Test func `what is taken is told beside what is wrong`() async throws {
        try await withWorld { w in
            _ = try await w.registerProvider()
            let faults = try await w.refusal([
                "email": "JOHN.DOE@clinic.com", "phone_number": "1234567890", "license_number": "md123456789",
                "password": "securepassword", "confirm_password": "securepassword",
            ])
            #expect(faults["email"] == ["A provider with this email already exists."])
            #expect(faults["phone_number"] == ["A provider with this phone number already exists."])
            #expect(faults["license_number"] == ["A provider with this license number already exists."])
            #expect(faults["password"]?.first == "Password must contain at least one uppercase letter.")
            #expect(w.accounts.seen.opened.count == 1)
        }
    }

    @Test func `a password that is guessed is told with all else`() async throws {
        try await withWorld { w in
            let faults = try await w.refusal([
                "password": "Qwerty123!", "confirm_password": "Qwerty123!", "years_of_experience": 51,
            ])
            #expect(Set(faults.keys) == ["password", "years_of_experience"])
            #expect(faults["password"] == ["This password is too easy to guess."])
            #expect(w.accounts.seen.opened.isEmpty)
        }
    }

    @Test func `fifty identical registrations at once make one entry and 49 refusals`() async throws {
        try await withWorld { w in
            let refused = try await withThrowingTaskGroup(of: [String: [String]].self) { tasks in
                for _ in 0..<50 { tasks.addTask { try await w.refusal([:]) } }
                return try await tasks.reduce(into: [[String: [String]]]()) { $0.append($1) }.filter { !$0.isEmpty }
            }
            #expect(refused.count == 49)
            #expect(refused.allSatisfy { $0.keys.sorted() == ["email", "license_number", "phone_number"] })
            #expect(try await w.database.read(Column<Int>("count(*)")) { "select \($0) from provider" }.one == 1)
        }
    }

    @Test func `different people with one licence at once: the constraint decides`() async throws {
        try await withWorld { w in
            let refused = try await withThrowingTaskGroup(of: [String: [String]].self) { tasks in
                for number in 0..<10 {
                    tasks.addTask {
                        try await w.refusal([
                            "email": .string("doctor\(number)@clinic.com"),
                            "phone_number": .string("+49301234\(100 + number)"),
                        ])
                    }
                }
                return try await tasks.reduce(into: [[String: [String]]]()) { $0.append($1) }.filter { !$0.isEmpty }
            }
            #expect(refused.count == 9)
            #expect(
                refused.allSatisfy {
                    $0 == ["license_number": ["A provider with this license number already exists."]]
                })
        }
    }

    @Test func `identity's refusal is told as the field's, and the same request succeeds later`() async throws {
        try await withWorld { w in
            w.accounts.set { $0.refusal = .field("password", "This password is too easy to guess.") }
            let refused = try await w.refusal([:])
            #expect(refused == ["password": ["This password is too easy to guess."]])
            w.accounts.set { $0.refusal = .unavailable() }
            await #expect(throws: Problem.unavailable()) { try await w.registerProvider() }
            w.accounts.set { $0.refusal = nil }
            let made = try await w.registerProvider()
            #expect(made.status == 201)
        }
    }

    @Test func `identity away after the commit: the registration stands, and is known when asked for`() async throws {
        try await withWorld { w in
            w.accounts.set { $0.confirms = false }
            #expect(try await w.registerProvider().status == 201)
            let account = try #require(w.accounts.seen.opened.first)
            #expect(try await w.ask("registration", id: account.description).status == 200)
            await #expect(throws: Problem.notFound) {
                try await w.ask("registration", id: ID<Account>.make(at: w.clock.now).description)
            }
        }
    }

    @Test func `every attempt leaves an audit entry, refused ones too`() async throws {
        try await withWorld { w in
            _ = try await w.registerProvider()
            _ = try await w.refusal([:])
            _ = try await w.refusal(["email": "nobody"])
            let actions = try await w.database.read(Column<String>("action")) {
                "select \($0) from audit_entry order by entry_id"
            }
            #expect(
                actions == [
                    "provider.registered", "provider.registration_refused", "provider.registration_refused",
                ])
        }
    }

    @Test func `others see who and where; contact data is for the provider and administrators`() async throws {
        try await withWorld { w in
            let id = try #require(try await w.registerProvider()["provider_id"]?.string)
            let account = try #require(w.accounts.seen.opened.first)
            let shown = try await w.ask("getProvider", id: id, anonymous: true)
            #expect(shown["display_name"] == "Dr. John Doe" && shown["specialization"] == "cardiology")
            #expect(shown["clinic_address"]?["zip"] == "10001" && shown["verification_status"] == "pending")
            for field in ["email", "phone_number", "license_number"] { #expect(shown[field] == .null) }
            for caller in [w.admin, w.owner(account)] {
                let open = try await w.ask("getProvider", as: caller, id: id)
                #expect(open["email"] == "john.doe@clinic.com" && open["phone_number"] == "+1234567890")
                #expect(open["license_number"] == "MD123456789" && open["email_verified"] == false)
            }
        }
    }

    @Test func `zip_code is taken for zip`() async throws {
        try await withWorld { w in
            let address: JSONValue = ["street": "1 Main St", "city": "Boston", "state": "MA", "zip_code": "02101"]
            let made = try await w.registerProvider(["clinic_address": address])
            let shown = try await w.ask("getProvider", id: made["provider_id"]?.string, anonymous: true)
            #expect(shown["clinic_address"]?["zip"] == "02101")
        }
    }

    @Test func `for the mail to administrators notifier is told who waits, and that leaves a row`() async throws {
        try await withWorld { w in
            let id = try #require(try await w.registerProvider()["provider_id"]?.string)
            let account = try #require(w.accounts.seen.opened.first)
            let told = try await w.ask("pendingProvider", id: account.description, anonymous: true)
            #expect(told["provider_id"]?.string == id && told["name"] == "John Doe")
            #expect(told["specialization"] == "cardiology" && told["license_number"] == "MD123456789")
            #expect(told["verification_status"] == "pending")
            let actions = try await w.database.read(Column<String>("action")) {
                "select \($0) from audit_entry order by entry_id"
            }
            #expect(actions.last == "provider.review_mailed")
            await #expect(throws: Problem.notFound) {
                try await w.ask("pendingProvider", id: id, anonymous: true)
            }
        }
    }

    @Test func `an administrator verifies, or rejects with a reason; the rejected is found no more`() async throws {
        try await withWorld { w in
            let id = try #require(try await w.registerProvider()["provider_id"]?.string)
            let account = try #require(w.accounts.seen.opened.first)
            let verified = try await w.ask("reviewProvider", as: w.admin, id: id, ["status": "verified"])
            #expect(verified["verification_status"] == "verified" && verified.version == 2)
            #expect(try await w.ask("reviewProvider", as: w.admin, id: id, ["status": "verified"]).version == 2)
            for body: JSONValue in [["status": "rejected"], ["status": "pending"], [:]] {
                await #expect(throws: Problem.self) { try await w.ask("reviewProvider", as: w.admin, id: id, body) }
            }
            await #expect(throws: Problem.preconditionFailed) {
                try await w.ask(
                    "reviewProvider", as: w.admin, id: id, ["status": "rejected", "reason": "Expired."], ifMatch: 1)
            }
            let rejected = try await w.ask(
                "reviewProvider", as: w.admin, id: id, ["status": "rejected", "reason": "Expired."], ifMatch: 2)
            #expect(rejected["rejection_reason"] == "Expired.")
            await #expect(throws: Problem.notFound) { try await w.ask("getProvider", id: id, anonymous: true) }
            #expect(try await w.ask("getProvider", as: w.owner(account), id: id)["rejection_reason"] == "Expired.")
            #expect(
                try await w.events() == [
                    "registry.provider_registered.v1", "registry.provider_verified.v1", "registry.provider_rejected.v1",
                ])
        }
    }

    @Test func `administrators list providers by status, page by page`() async throws {
        try await withWorld { w in
            var ids: [String] = []
            for number in 0..<3 {
                w.clock.pass(.seconds(1))
                let made = try await w.registerProvider([
                    "email": .string("d\(number)@clinic.com"), "phone_number": .string("+4930123456\(number)"),
                    "license_number": .string("MD\(number)"),
                ])
                ids.append(try #require(made["provider_id"]?.string))
            }
            _ = try await w.ask("reviewProvider", as: w.admin, id: ids[0], ["status": "verified"])
            let pending = try await w.ask("listProviders", as: w.admin, query: [("status", "pending")])
            #expect(pending.json.array?.map { $0["id"]?.string } == [ids[2], ids[1]])
            #expect(pending.frame?.total == 2)
            let first = try await w.ask("listProviders", as: w.admin, query: [("cursor", ""), ("page_size", "2")])
            let next = try #require(first.frame?.nextCursor)
            let rest = try await w.ask("listProviders", as: w.admin, query: [("cursor", next), ("page_size", "2")])
            #expect(rest.json.array?.map { $0["id"]?.string } == [ids[0]])
        }
    }

    @Test func `the 22 fields are listed with their labels`() async throws {
        try await withWorld { w in
            let list = try await w.ask("listSpecializations", anonymous: true)
            #expect(list.json.array?.count == 22)
            #expect(list.json.array?.contains(["value": "internal_medicine", "label": "Internal Medicine"]) == true)
        }
    }

    @Test func `what identity tells of the account is seen in the entry`() async throws {
        try await withWorld { w in
            let id = try #require(try await w.registerProvider()["provider_id"]?.string)
            let account = try #require(w.accounts.seen.opened.first)
            let fact = AccountFact(account: account, role: .doctor)
            let standing = StandingFact(account: account, role: .doctor, version: 2)
            for event in [Event.emailVerified(fact), .accountDeactivated(standing)] {
                let envelope = EventEnvelope(event, id: .make(at: w.clock.now), at: w.clock.now, traceparent: nil)
                try await w.database.transaction { tx in try await w.reaction.react(envelope, in: tx) }
            }
            let shown = try await w.ask("getProvider", as: w.admin, id: id)
            #expect(shown["email_verified"] == true && shown["is_active"] == false)
            #expect(shown["verification_status"] == "pending")
            await #expect(throws: Problem.notFound) { try await w.ask("getProvider", id: id, anonymous: true) }
        }
    }

    @Test func `no row holds a street, a zip or the reason of a rejection`() async throws {
        try await withWorld { w in
            let id = try #require(try await w.registerProvider()["provider_id"]?.string)
            let account = try #require(w.accounts.seen.opened.first)
            func rejection(_ reason: String) async throws -> World.Heard {
                _ = try await w.ask(
                    "reviewProvider", as: w.admin, id: id, ["status": "rejected", "reason": .string(reason)])
                return try await w.ask("getProvider", as: w.owner(account), id: id)
            }
            for reason in ["Canary reason.", "Canary, later."] {
                let shown = try await rejection(reason)
                #expect(shown["rejection_reason"] == .string(reason))
                #expect(shown["clinic_address"]?["street"] == "123 Medical Center Dr")
                #expect(shown["clinic_address"]?["zip"] == "10001")
            }
            let row = try await w.database.read(Column<String>("p::text")) { "select \($0) from provider p" }.one
            #expect(row.contains("New York"), "the row must be able to show something")
            for word in ["Medical Center", ",10001,", "Canary"] { #expect(!row.contains(word)) }
            _ = try await w.ask("reviewProvider", as: w.admin, id: id, ["status": "verified"])
            let shown = try await w.ask("getProvider", as: w.owner(account), id: id)
            #expect(shown["verification_status"] == "verified" && shown["rejection_reason"] != "Canary, later.")
        }
    }

    @Test func `a provider's entry that does not open keeps no other from the list`() async throws {
        try await withWorld { w in
            for number in 0..<3 {
                w.clock.pass(.seconds(1))
                _ = try await w.registerProvider([
                    "email": .string("d\(number)@clinic.com"), "phone_number": .string("+4930123456\(number)"),
                    "license_number": .string("MD\(number)"),
                ])
            }
            try await w.database.run(
                """
                update provider set sealed_contact = '\\x00'
                where provider_id = (select provider_id from provider order by provider_id offset 1 limit 1)
                """)
            let all = try await w.ask("listProviders", as: w.admin)
            #expect(all.json.array?.count == 2 && all.frame?.total == 3)
            let first = try await w.ask("listProviders", as: w.admin, query: [("cursor", ""), ("page_size", "2")])
            #expect(first.json.array?.count == 1 && first.frame?.nextCursor != nil)
        }
    }

    @Test func `no row, event or audit line holds an email or a phone number`() async throws {
        try await withWorld { w in
            _ = try await w.registerProvider()
            for table: SQL in ["provider", "outbox", "audit_entry"] {
                let text = try await w.database.read(Column<String>("string_agg(t::text, ' ')")) {
                    "select \($0) from \(sql: table) t"
                }.one
                #expect(!text.contains("john.doe") && !text.contains("1234567890") && !text.contains("SecurePassword"))
            }
        }
    }
}
