import API
import Events
import JSON
import Kernel
import Postgres
import Registry
import Testing

extension World {
    /// The example of seed 003 with other values; nil leaves a key out.
    static func applicant(_ changes: [String: JSONValue?] = [:]) throws -> JSONValue {
        let members = try example(RegisterPatient.self).object ?? []
        let kept = members.filter { changes[$0.key] == nil }
        return .object(kept + changes.compactMap { key, value in value.map { JSONMember(key: key, value: $0) } })
    }

    func registerPatient(_ changes: [String: JSONValue?] = [:]) async throws -> Heard {
        try await ask("registerPatient", try World.applicant(changes), anonymous: true)
    }

    func patientRefusal(_ changes: [String: JSONValue?]) async throws -> [String: [String]] {
        do {
            _ = try await registerPatient(changes)
            return [:]
        } catch let problem as Problem {
            return Dictionary(uniqueKeysWithValues: problem.errors.map { ($0.field, $0.messages) })
        }
    }

    func patient(_ account: ID<Account>) -> Caller {
        Caller(account: account, role: .patient, session: ID(high: 0xB, low: 8))
    }

    func day(yearsAgo years: Int, plus days: Int = 0) throws -> JSONValue {
        let today = clock.now.date
        let date = try #require(CalendarDate(year: today.year - years, month: today.month, day: today.day))
        return .string(CalendarDate(daysSinceEpoch: date.daysSinceEpoch + days).description)
    }
}

@Suite struct PatientRegistrationTests {
    @Test func `the documented example registers a patient and confirms the account`() async throws {
        try await withWorld { w in
            let made = try await w.registerPatient()
            #expect(made.status == 201)
            let id = try #require(made["patient_id"]?.string)
            #expect(made.location == "/api/v1/patient/profile/\(id)")
            #expect(
                made.json == [
                    "patient_id": .string(id), "email": "jane.smith@email.com", "phone_number": "+1234567890",
                    "email_verified": false, "phone_verified": false,
                ])
            #expect(w.accounts.seen.opened == w.accounts.seen.confirmed && w.accounts.seen.opened.count == 1)
            #expect(w.accounts.seen.pending.first?.role == .patient)
            #expect(w.accounts.seen.pending.first?.phone?.text == "+1234567890")
            #expect(try await w.events() == ["registry.patient_created.v1"])
            let known = try await w.ask("registration", id: w.accounts.seen.opened[0].description)
            #expect(known["registrant_id"]?.string == id)
        }
    }

    @Test func `every rule has its message, and all of them come at once`() async throws {
        try await withWorld { w in
            let faults = try await w.patientRefusal([
                "first_name": "J", "last_name": .string(String(repeating: "x", count: 51)), "email": "nobody",
                "phone_number": "0123", "password": "short", "confirm_password": "other",
                "date_of_birth": "2025-02-30", "gender": "F",
                "address": [
                    "street": .string(String(repeating: "s", count: 201)),
                    "city": .string(String(repeating: "c", count: 101)),
                    "state": .string(String(repeating: "t", count: 51)), "zip": "no code",
                ],
                "emergency_contact": [
                    "name": .string(String(repeating: "n", count: 101)), "phone": "555-1234",
                    "relationship": .string(String(repeating: "r", count: 51)),
                ],
                "medical_history": "Asthma", "insurance_info": ["provider": 7],
            ])
            #expect(
                Set(faults.keys) == [
                    "first_name", "last_name", "email", "phone_number", "password", "confirm_password",
                    "date_of_birth", "gender", "address.street", "address.city", "address.state", "address.zip",
                    "emergency_contact.name", "emergency_contact.phone", "emergency_contact.relationship",
                    "medical_history", "insurance_info.provider",
                ])
            #expect(faults["password"]?.first == "Password must contain at least 8 characters")
            #expect(faults["gender"] == ["Must be one of: male, female, other, prefer_not_to_say."])
            #expect(faults["address.zip"] == ["Enter a valid postal code."])
            #expect(w.accounts.seen.opened.isEmpty)
        }
    }

    @Test func `nobody younger than thirteen registers, and who turns thirteen today does`() async throws {
        try await withWorld { w in
            let tooYoung = ["date_of_birth": ["Must be at least 13 years old"]]
            #expect(try await w.patientRefusal(["date_of_birth": try w.day(yearsAgo: 12)]) == tooYoung)
            #expect(try await w.patientRefusal(["date_of_birth": try w.day(yearsAgo: 13, plus: 1)]) == tooYoung)
            #expect(try await w.patientRefusal(["date_of_birth": try w.day(yearsAgo: 0)]) == tooYoung)
            let future = try await w.patientRefusal(["date_of_birth": try w.day(yearsAgo: 0, plus: 2)])
            #expect(future == ["date_of_birth": ["Date of birth cannot be in the future."]])
            #expect(try await w.registerPatient(["date_of_birth": try w.day(yearsAgo: 13)]).status == 201)
        }
    }

    @Test func `born on 29 February, one is thirteen on 1 March of a common year`() async throws {
        try await withWorld { w in
            let eve = try #require(CalendarDate("2029-02-28"))
            w.clock.pass(.seconds(86_400 * (eve.daysSinceEpoch - w.clock.now.date.daysSinceEpoch)))
            let tooYoung = ["date_of_birth": ["Must be at least 13 years old"]]
            #expect(try await w.patientRefusal(["date_of_birth": "2016-02-29"]) == tooYoung)
            w.clock.pass(.seconds(86_400))
            #expect(try await w.registerPatient(["date_of_birth": "2016-02-29"]).status == 201)
        }
    }

    @Test func `what is taken is told beside what is wrong, in either form of a phone`() async throws {
        try await withWorld { w in
            _ = try await w.registerPatient()
            let faults = try await w.patientRefusal([
                "email": "JANE.Smith@Email.com", "phone_number": "1234567890", "password": "short",
                "confirm_password": "short", "date_of_birth": try w.day(yearsAgo: 12),
            ])
            #expect(faults["email"] == ["Email is already registered"])
            #expect(faults["phone_number"] == ["Phone number is already registered"])
            #expect(faults["password"]?.first == "Password must contain at least 8 characters")
            #expect(faults["date_of_birth"] == ["Must be at least 13 years old"])
            #expect(w.accounts.seen.opened.count == 1)
            // A provider may have the same email and phone.
            let provider = try await w.registerProvider(["email": "jane.smith@email.com"])
            #expect(provider.status == 201)
        }
    }

    @Test func `a password that is guessed or like its owner is told with all else`() async throws {
        try await withWorld { w in
            let guessed = try await w.patientRefusal([
                "password": "Password1!", "confirm_password": "Password1!", "gender": "x",
            ])
            #expect(guessed["password"] == ["This password is too easy to guess."] && guessed["gender"] != nil)
            let own = try await w.patientRefusal([
                "last_name": "Wolfeschlegelstein", "password": "Wolfeschlegelstein1!",
                "confirm_password": "Wolfeschlegelstein1!", "gender": "x",
            ])
            #expect(own["password"]?.first == "The password is too similar to the last name." && own["gender"] != nil)
            #expect(w.accounts.seen.opened.isEmpty)
        }
    }

    @Test func `fifty identical registrations at once make one record and 49 refusals`() async throws {
        try await withWorld { w in
            let refused = try await withThrowingTaskGroup(of: [String: [String]].self) { tasks in
                for _ in 0..<50 { tasks.addTask { try await w.patientRefusal([:]) } }
                return try await tasks.reduce(into: [[String: [String]]]()) { $0.append($1) }.filter { !$0.isEmpty }
            }
            #expect(refused.count == 49)
            let taken = [
                "email": ["Email is already registered"], "phone_number": ["Phone number is already registered"],
            ]
            #expect(refused.allSatisfy { $0 == taken })
            #expect(try await w.events() == ["registry.patient_created.v1"])
        }
    }

    @Test func `different people with one phone at once: the constraint decides`() async throws {
        try await withWorld { w in
            let refused = try await withThrowingTaskGroup(of: [String: [String]].self) { tasks in
                for number in 0..<10 {
                    tasks.addTask { try await w.patientRefusal(["email": .string("jane\(number)@email.com")]) }
                }
                return try await tasks.reduce(into: [[String: [String]]]()) { $0.append($1) }.filter { !$0.isEmpty }
            }
            #expect(refused.count == 9)
            #expect(refused.allSatisfy { $0 == ["phone_number": ["Phone number is already registered"]] })
        }
    }

    @Test func `what broke off in identity leaves nothing, and the same request succeeds later`() async throws {
        try await withWorld { w in
            w.accounts.set { $0.refusal = .field("email", "Email is already registered") }
            #expect(try await w.patientRefusal([:]) == ["email": ["Email is already registered"]])
            w.accounts.set { $0.refusal = .unavailable() }
            await #expect(throws: Problem.unavailable()) { try await w.registerPatient() }
            w.accounts.set { ($0.refusal, $0.confirms) = (nil, false) }
            #expect(try await w.registerPatient().status == 201)
            let account = try #require(w.accounts.seen.opened.first)
            #expect(try await w.ask("registration", id: account.description).status == 200)
        }
    }

    @Test func `every attempt leaves an audit entry, refused ones too`() async throws {
        try await withWorld { w in
            let id = try #require(try await w.registerPatient()["patient_id"]?.string)
            _ = try await w.patientRefusal([:])
            let entries = try await w.database.read(Column<String>("action || ' ' || coalesce(subject, '-')")) {
                "select \($0) from audit_entry order by entry_id"
            }
            #expect(
                entries == [
                    "patient.registered patient/\(id)", "patient.registration_refused -",
                ])
        }
    }

    @Test func `no row, event or audit line holds a word of who registered`() async throws {
        try await withWorld { w in
            _ = try await w.registerPatient(["medical_history": ["Canaryhistory"]])
            let account = try #require(w.accounts.seen.opened.first)
            let scope = Scope(account: account.description, role: "patient")
            let words = [
                "jane", "smith", "1234567890", "1990-05-15", "456 main", "blue cross", "bc123456789", "canaryhistory",
                "securepassword",
            ]
            for table: SQL in ["patient", "patient_registration", "outbox", "audit_entry"] {
                let text = try await w.database.read(
                    Column<String>("coalesce(string_agg(t::text, ' '), '')"), as: scope
                ) { "select \($0) from \(sql: table) t" }.one.lowercased()
                #expect(!text.isEmpty)
                for word in words { #expect(!text.contains(word), "\(word) in a table") }
            }
        }
    }

    @Test func `a password like the chosen username is refused, or easy to guess by it`() async throws {
        try await withWorld { w in
            let members = try World.example(RegisterPatientAccount.self).object ?? []
            for password in ["Kestrel.Harbour.Nine9", "kestrel_harbour_nine"] {
                let changes: [String: JSONValue] = [
                    "username": "kestrel_harbour_nine", "password": .string(password),
                    "confirm_password": .string(password),
                ]
                let body = JSONValue.object(
                    members.map { JSONMember(key: $0.key, value: changes[$0.key] ?? $0.value) })
                let problem = await #expect(throws: Problem.self) {
                    try await w.ask("registerPatientAccount", body, anonymous: true)
                }
                #expect(problem?.errors.map(\.field) == ["password"])
            }
            #expect(w.accounts.seen.opened.isEmpty)
        }
    }
}
