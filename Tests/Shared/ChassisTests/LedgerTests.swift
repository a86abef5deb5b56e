import Audit
import Chassis
import Events
import Kernel
import Messaging
import Postgres
import Testing

/// On a real PostgreSQL.
struct LedgerTests {
    static let origin = Origin.job("ledger")
    static let fact = PatientFact(
        patient: .init(high: 5, low: 6), owner: .init(high: 1, low: 2), tenant: .init(high: 1, low: 2))

    private func ledger(_ fixture: ServiceFixture, source: String = "registry") -> Ledger {
        Ledger(outbox: Outbox(source: source, clock: ServiceFixture.GivenClock()), audit: fixture.audit)
    }

    private func events(_ fixture: ServiceFixture) async throws -> [String] {
        try await fixture.database.read(Column<String>("type")) { "select \($0) from outbox order by position" }
    }

    private func lines(_ fixture: ServiceFixture) async throws -> [String] {
        try await fixture.database.read(Column<String>("action || ' ' || coalesce(subject, '-')")) {
            "select \($0) from audit_entry order by entry_id"
        }
    }

    @Test func `an event and its line in the audit trail are written together`() async throws {
        try await ServiceFixture.open { fixture in
            try await fixture.database.transaction { tx in
                try await ledger(fixture).record(Event.patientCreated(Self.fact), from: Self.origin, in: tx)
                try await ledger(fixture).record(
                    Event.patientUpdated(Self.fact), as: "patient.corrected", from: Self.origin, in: tx)
                try await ledger(fixture).note("patient.read", about: "patient/1", from: Self.origin, in: tx)
            }
            #expect(try await events(fixture) == ["registry.patient_created.v1", "registry.patient_updated.v1"])
            let subject = "patient/\(Self.fact.patient)"
            #expect(
                try await lines(fixture)
                    == ["patient.created \(subject)", "patient.corrected \(subject)", "patient.read patient/1"])
        }
    }

    @Test func `what happened besides is told and leaves no line of its own`() async throws {
        try await ServiceFixture.open { fixture in
            try await fixture.database.transaction { tx in
                try await ledger(fixture).record(
                    Event.patientDeleted(Self.fact), with: [Event.patientUpdated(Self.fact)],
                    from: Self.origin, in: tx)
            }
            #expect(try await events(fixture) == ["registry.patient_deleted.v1", "registry.patient_updated.v1"])
            #expect(try await lines(fixture) == ["patient.deleted patient/\(Self.fact.patient)"])
        }
    }

    @Test func `a change that fails leaves neither event nor line`() async throws {
        struct Refusal: Error {}
        try await ServiceFixture.open { fixture in
            await #expect(throws: Refusal.self) {
                try await fixture.database.transaction { tx in
                    try await ledger(fixture).record(
                        Event.patientCreated(Self.fact), from: Self.origin, in: tx)
                    throw Refusal()
                }
            }
            let written = try await events(fixture) + lines(fixture)
            #expect(written.isEmpty)
        }
    }

    @Test func `a service tells no event of another service`() async throws {
        try await ServiceFixture.open { fixture in
            await #expect(throws: Outbox.ForeignEvent.self) {
                try await fixture.database.transaction { tx in
                    try await ledger(fixture, source: "identity").record(
                        Event.patientCreated(Self.fact), from: Self.origin, in: tx)
                }
            }
            let written = try await events(fixture) + lines(fixture)
            #expect(written.isEmpty)
        }
    }
}
