import Events
import Identity
import IdentityDomain
import Kernel
import Postgres
import Testing

struct BreakGlassReportTests {
    @Test func `every administrator who can act is told of broken glass, and nobody else`() async throws {
        try await withIdentity { world in
            for name in ["root_one", "root_two"] {
                _ = try await world.composition.operators.make(
                    try Operators.NewAccount(
                        username: name, name: "Root", email: "\(name)@praxis.example", role: .admin,
                        password: Secret(World.strong)))
            }
            _ = try await world.register("maria@praxis.example")
            let before = try await world.events().count
            let fact = AccessGrantFact(
                patient: ID(high: 1, low: 1), grant: ID(high: 2, low: 2), patientAccount: nil, doctor: nil,
                doctorAccount: ID(high: 3, low: 3), hospital: nil, hospitalAccount: nil, expiresAt: world.clock.now)
            for event in [Event.breakGlassOpened(fact), .accessGranted(fact)] {
                let envelope = EventEnvelope(
                    event, id: .make(at: world.clock.now), at: world.clock.now, traceparent: nil)
                try await world.database.transaction { tx in
                    try await world.composition.recordsReaction.react(envelope, in: tx)
                }
            }
            let told = try await world.events().dropFirst(before)
            #expect(Array(told) == Array(repeating: "identity.break_glass_reported.v1", count: 2))
        }
    }
}
