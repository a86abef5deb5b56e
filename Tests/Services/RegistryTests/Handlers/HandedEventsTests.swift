import API
import Events
import JSON
import Kernel
import Messaging
import Registry
import Testing

/// What identity hands over is seen in the next answer; the stream, which brings it later and in any order, changes
/// nothing more.
@Suite struct HandedEventsTests {
    private static func envelope(_ event: Event, _ w: World) -> EventEnvelope {
        EventEnvelope(event, id: .make(at: w.clock.now), at: w.clock.now, traceparent: nil)
    }

    @Test func `a profile shows what was handed over, once, whoever brings it again`() async throws {
        try await withWorld { w in
            let id = try #require(try await w.registerPatient()["patient_id"]?.string)
            let own = w.patient(try #require(w.accounts.seen.opened.first))
            let fact = AccountFact(account: own.account, role: .patient)
            for (event, key) in [(Event.emailVerified, "email_verified"), (Event.phoneVerified, "phone_verified")] {
                let envelope = Self.envelope(event(fact), w)
                #expect(try await w.ask("getPatientProfile", as: own, id: id)[key] == false)
                _ = try await w.ask("registryTakeEvent", envelope.json)
                let shown = try await w.ask("getPatientProfile", as: own, id: id)
                #expect(shown[key] == true)
                #expect(try await !w.handler.handle(envelope))
                // The same fact as another event is no news either.
                w.clock.pass(.seconds(1))
                #expect(try await w.handler.handle(Self.envelope(event(fact), w)))
                let again = try await w.ask("getPatientProfile", as: own, id: id)
                #expect(again.version == shown.version && again["updated_at"] == shown["updated_at"])
            }
        }
    }

    @Test(arguments: [[2, 3], [3, 2], [3, 0], [0, 3], [3, 3]])
    func `of an account that is shut out and let in, the later wins in whatever order they arrive`(
        order: [Int64]
    ) async throws {
        try await withWorld { w in
            let provider = try #require(try await w.registerProvider()["provider_id"]?.string)
            let doctor = try #require(w.accounts.seen.opened.first)
            let profile = try #require(try await w.registerPatient()["patient_id"]?.string)
            let patient = try #require(w.accounts.seen.opened.last)
            for version in order {
                for (account, role) in [(doctor, Role.doctor), (patient, .patient)] {
                    let fact = StandingFact(account: account, role: role, version: version)
                    let event = version == 3 ? Event.accountDeactivated(fact) : Event.accountActivated(fact)
                    _ = try await w.ask("registryTakeEvent", Self.envelope(event, w).json)
                }
            }
            #expect(try await w.ask("getProvider", as: w.admin, id: provider)["is_active"] == false)
            #expect(try await w.ask("getPatientProfile", as: w.admin, id: profile)["is_active"] == false)
        }
    }

    @Test func `what is no event of identity's is refused`() async throws {
        try await withWorld { w in
            for body in [
                Self.envelope(Event.patientCreated.sample, w).json, .object([]), ["source": "identity"],
            ] as [JSONValue] {
                await #expect(throws: Problem.self) { try await w.ask("registryTakeEvent", body) }
            }
        }
    }
}
