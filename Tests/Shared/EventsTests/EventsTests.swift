import Events
import Forms
import Foundation
import JSON
import Kernel
import Testing

@Suite struct Events {
    static let declarations = EventSource.all.flatMap(\.events)
    static let id = ID<EventRecord>(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0009)

    static func envelope(_ event: Event) -> EventEnvelope {
        EventEnvelope(
            event, id: id, at: Instant(seconds: 1_760_000_000),
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    }

    /// The envelope with another value in its data.
    static func envelope(_ event: Event, _ key: String, _ value: JSONValue) throws -> EventEnvelope {
        let members = (envelope(event).json.object ?? []).map { member in
            guard member.key == "data" else { return member }
            let data = (event.data.object ?? []).map { $0.key == key ? JSONMember(key: key, value: value) : $0 }
            return JSONMember(key: "data", value: .object(data))
        }
        return try EventEnvelope(json: .object(members))
    }

    /// What stands in streams and outboxes already: a key may be added, which older events lack; any other change is a
    /// new version, never an edit.
    @Test(arguments: declarations.map(\.name))
    func `an event is written as it always was, and reads back as the same`(name: String) throws {
        let declaration = try #require(Self.declarations.first { $0.name == name })
        let file = URL(filePath: #filePath).appending(path: "../../../Golden/events/\(name).json").standardized
        let golden = try Array(Data(contentsOf: file))
        let envelope = Self.envelope(declaration.sample)
        #expect(envelope.json.bytes + [10] == golden)
        let read = try EventEnvelope(json: JSONReader.read(golden))
        #expect(read == envelope)
        #expect(try declaration.event(in: read) == declaration.sample)
        #expect(EventEnvelope.type(in: golden, from: read.source) == name)
    }

    @Test func `the type is read by itself only of an event of that source, written as we write`() {
        let members = Self.envelope(Event.patientCreated.sample).json.object ?? []
        #expect(EventEnvelope.type(in: JSONValue.object(members).bytes, from: "identity") == nil)
        #expect(EventEnvelope.type(in: JSONValue.object(members.reversed()).bytes, from: "registry") == nil)
        let cut = #"{"specversion":"1.0","id":"x","source":"registry""#
        #expect(EventEnvelope.type(in: Array(cut.utf8), from: "registry") == nil)
    }

    @Test func `an event of the last release, which names no tenant, is still read`() throws {
        let fact = Event.patientCreated.sample
        let envelope = try EventEnvelope(
            json: .object(
                (Self.envelope(fact).json.object ?? []).map { member in
                    guard member.key == "data" else { return member }
                    let data = (member.value.object ?? []).filter { $0.key != "tenant_id" }
                    return JSONMember(key: "data", value: .object(data))
                }))
        let read = try #require(try envelope.fact(of: Event.patientCreated))
        #expect(read.tenant == read.owner.ownTenant)
    }

    @Test func `an event of the last release, which names no version of the account, is still read`() throws {
        let envelope = try EventEnvelope(
            json: .object(
                (Self.envelope(Event.accountActivated.sample).json.object ?? []).map { member in
                    guard member.key == "data" else { return member }
                    let data = (member.value.object ?? []).filter { $0.key != "account_version" }
                    return JSONMember(key: "data", value: .object(data))
                }))
        #expect(try #require(try envelope.fact(of: Event.accountActivated)).version == 0)
    }

    @Test func `no golden file is of an event that is gone`() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../Golden/events").standardized
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.sorted() == Self.declarations.map { $0.name + ".json" }.sorted())
    }

    @Test func `what an event carries is read as it was given`() throws {
        let fact = SessionsFact(account: ID(high: 1, low: 1), sessions: [ID(high: 2, low: 2), ID(high: 3, low: 3)])
        #expect(try Self.envelope(.sessionsEnded(fact)).fact(of: Event.sessionsEnded) == fact)
    }

    @Test func `the subject is what the event is about, also in the audit trail`() {
        let mapping = ID<Mapping>(high: 5, low: 5)
        let event = Event.mappingDeleted(
            MappingFact(
                mapping: mapping, patient: ID(high: 3, low: 3), doctor: ID(high: 4, low: 4), tenant: ID(high: 6, low: 6)
            ))
        #expect(event.subject == mapping.description)
        #expect(event.auditSubject == "mapping/\(mapping)")
        #expect(event.auditAction == "mapping.deleted")
    }

    @Test func `another event, a later version and another source are nothing, not an error`() throws {
        let fact = AccountFact(account: ID(high: 1, low: 1), role: .staff)
        let envelope = Self.envelope(.accountRegistered(fact))
        #expect(try envelope.fact(of: Event.accountUpdated) == nil)
        for (key, value) in [("type", "identity.account_registered.v2"), ("source", "registry")] {
            let members = (envelope.json.object ?? []).map {
                $0.key == key ? JSONMember(key: key, value: .string(value)) : $0
            }
            let other = try EventEnvelope(json: .object(members))
            #expect(try other.fact(of: Event.accountRegistered) == nil)
        }
    }

    @Test func `data that does not fit is a problem that names every wrong key`() throws {
        let fact = AccountFact(account: ID(high: 1, low: 1), role: .staff)
        let envelope = try EventEnvelope(
            json: .object(
                (Self.envelope(.accountRegistered(fact)).json.object ?? []).map {
                    $0.key == "data" ? JSONMember(key: "data", value: ["account_id": "x", "role": "king"]) : $0
                }))
        let problem = #expect(throws: Problem.self) { try envelope.fact(of: Event.accountRegistered) }
        #expect(problem?.errors.map(\.field) == ["account_id", "role"])
    }

    @Test func `one wrong id in a list is a problem, not a shorter list`() throws {
        let fact = SessionsFact(account: ID(high: 1, low: 1), sessions: [ID(high: 2, low: 2)])
        let wrong: JSONValue = .array([.string("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz")])
        let envelope = try Self.envelope(.sessionsEnded(fact), "session_ids", wrong)
        #expect(throws: Problem.self) { try envelope.fact(of: Event.sessionsEnded) }
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"{"id":"x","source":"identity","type":"t","subject":"s","time":"2025-10-09T08:53:20Z"}"#,
        #"{"id":"0190a5e4-0000-7000-8000-000000000009","source":"","type":"t","subject":"s","time":"yesterday"}"#,
    ])
    func `what is no envelope is a problem`(text: String) {
        #expect(throws: Problem.self) { try EventEnvelope(json: JSONReader.read(Array(text.utf8))) }
    }
}
