import Events
import Forms
import JSON
import Kernel
import Testing

@Suite struct EventContractTests {
    @Test func `there is a sample of every event`() {
        #expect(EventSamples.identity.map { EventSamples.place($0.fact) } == Array(0..<16))
        #expect(EventSamples.registry.map { EventSamples.place($0.fact) } == Array(0..<11))
    }

    @Test func `every event reads back as what it was, under a name with its source and version`() throws {
        for sample in EventSamples.identity { try survives(sample.fact) }
        for sample in EventSamples.registry { try survives(sample.fact) }
    }

    @Test func `events carry ids and kinds, and nothing else`() {
        let allowed = [
            "account_id", "role", "session_id", "session_ids", "patient_id", "owner_id", "doctor_id", "mapping_id",
            "reviewer_id", "provider_id",
        ]
        let members = EventSamples.identity.map(\.fact.data) + EventSamples.registry.map(\.fact.data)
        for data in members { for member in data.object ?? [] { #expect(allowed.contains(member.key)) } }
    }

    private func survives<Fact: Event & Equatable>(_ fact: Fact) throws {
        let envelope = EventEnvelope(
            fact, id: ID(high: 1, low: 1), at: Instant(seconds: 1_760_000_000), traceparent: nil)
        let read = try EventEnvelope(json: JSONReader.read(envelope.json.bytes))
        #expect(try read.event(Fact.self) == fact)
        #expect(fact.name.hasPrefix(Fact.source + "."))
        #expect(fact.name.hasSuffix(".v1"))
    }
}
