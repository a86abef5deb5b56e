import API
import Identity
import JSON
import Kernel
import Lifecycle
import Postgres
import Testing
import Web

/// Registry, as far as identity shows what it knows.
private struct GivenDirectory: DashboardSource {
    let entry: OwnDirectoryView?

    func own(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView {
        guard let entry else { throw Problem.unavailable() }
        return entry
    }

    func hospitals(for origin: Origin, until deadline: Deadline) async throws -> [HospitalStatus: Int] {
        guard entry != nil else { throw Problem.unavailable() }
        return [.approved: 3, .pending: 1]
    }

    func appointments(
        for origin: Origin, until deadline: Deadline
    ) async throws -> [AppointmentStatus: Int] {
        guard entry != nil else { throw Problem.unavailable() }
        return [.requested: 4]
    }
}

struct DashboardTests {
    private static func composition(_ world: World, _ entry: OwnDirectoryView?) async throws -> Composition {
        let parts = world.dependencies
        let dependencies = Composition.Dependencies(
            database: parts.database, unit: parts.unit, ledger: parts.ledger, clock: parts.clock,
            metrics: parts.metrics, sealer: parts.sealer, pool: parts.pool, registrations: parts.registrations,
            directory: GivenDirectory(entry: entry))
        return try await Composition(dependencies, world.settings)
    }

    private static func json<Viewed: View>(_ view: Viewed) throws -> JSONValue {
        var json = JSONWriter()
        Viewed.shape.write(view, to: &json)
        return try JSONReader.read(json.bytes)
    }

    @Test func `accounts are counted by role, hospitals by status, and what was done last is shown`() async throws {
        try await withIdentity { world in
            for email in ["a@example.com", "b@example.com"] { _ = try await world.register(email, name: email) }
            _ = try await world.patient()
            let admin = Caller(account: ID(high: 1, low: 1), role: .admin, session: ID(high: 1, low: 2))
            let composed = try await Self.composition(world, OwnDirectoryView())
            let view = try await composed.dashboard.show(
                NoInput(), world.call(DashboardAPI.stats.declaration, as: admin)
            ).view
            let shown = try Self.json(view)
            #expect(shown["total_accounts"] == 3 && shown["active_accounts"] == 3)
            #expect(shown["accounts_by_role"]?["staff"] == 2 && shown["accounts_by_role"]?["patient"] == 1)
            #expect(shown["accounts_by_role"]?["hospital"] == 0)
            #expect(shown["hospitals_by_status"] == ["pending": 1, "approved": 3, "rejected": 0])
            #expect(shown["appointments_by_status"]?["REQUESTED"] == 4)
            #expect(shown["appointments_by_status"]?["NO_SHOW"] == 0)
            #expect(shown["recent_activity"]?.array?.first?["action"]?.string != nil)
            #expect(try await world.actions().last == "audit.read")
        }
    }

    @Test func `what another service cannot tell now is null`() async throws {
        try await withIdentity { world in
            let (_, caller) = try await world.patient()
            let composed = try await Self.composition(world, nil)
            let me = try Self.json(
                try await composed.profile.showWithRole(
                    NoInput(), world.call(AccountsAPI.accountMe.declaration, as: caller)
                ).view)
            #expect(me["username"]?.string != nil && me["profile"] == .null)
            let admin = Caller(account: ID(high: 1, low: 1), role: .admin, session: ID(high: 1, low: 2))
            let shown = try Self.json(
                try await composed.dashboard.show(NoInput(), world.call(DashboardAPI.stats.declaration, as: admin)).view
            )
            #expect(shown["hospitals_by_status"] == .null && shown["appointments_by_status"] == .null)
            #expect(shown["total_accounts"] == 1)
        }
    }

    @Test func `the caller's account comes with what belongs to it by its role`() async throws {
        try await withIdentity { world in
            let (_, caller) = try await world.patient()
            var entry = OwnDirectoryView()
            entry.patient = ID(high: 5, low: 5)
            let composed = try await Self.composition(world, entry)
            let me = try Self.json(
                try await composed.profile.showWithRole(
                    NoInput(), world.call(AccountsAPI.accountMe.declaration, as: caller)
                ).view)
            #expect(me["profile"]?["patient_id"]?.string == ID<Patient>(high: 5, low: 5).description)
            #expect(me["role"] == "patient" && me["profile"]?["hospital_id"] == .null)
            let staff = try await world.register("staff@example.com")
            let own = try await composed.profile.showWithRole(
                NoInput(), world.call(AccountsAPI.accountMe.declaration, as: try world.caller(staff.tokens)))
            #expect(own.view.profile == nil)
        }
    }
}
