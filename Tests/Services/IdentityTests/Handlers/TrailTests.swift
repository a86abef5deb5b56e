import API
import Chassis
import Forms
import Identity
import JSON
import Kernel
import Lifecycle
import Postgres
import Testing
import Web

/// Another service's trail: one line, or none to be had.
private final class GivenTrails: TrailSource {
    private let asked = Locked<[AuditedService]>([])
    let isAway: Bool

    init(isAway: Bool = false) { self.isAway = isAway }

    var services: [AuditedService] { asked.withLock { $0 } }

    func page(_ query: ListAudit, for origin: Origin, until deadline: Deadline) async throws -> Page<AuditEntryView> {
        asked.withLock { $0.append(query.service) }
        if isAway { throw Problem.unavailable() }
        let line = AuditEntryView(
            id: "1", service: query.service.rawValue, at: Instant(seconds: 1), action: "patient.created", actor: nil,
            role: nil, subject: nil, requestID: nil, address: nil, batch: nil)
        return Page(items: [line], total: nil, nextCursor: "1")
    }
}

@Suite struct TrailTests {
    private func trail(_ world: World, _ trails: GivenTrails) async throws -> Trail {
        let parts = world.dependencies
        return try await Composition(
            .init(
                database: parts.database, unit: parts.unit, ledger: parts.ledger, clock: parts.clock,
                metrics: parts.metrics, sealer: parts.sealer, pool: parts.pool, registrations: parts.registrations,
                trails: trails),
            world.settings
        ).trail
    }

    private func admin(_ world: World) async throws -> Caller {
        _ = try await world.composition.operators.makeDemo()
        return try world.caller(try await world.logIn("admin", "admin123").tokens)
    }

    private func ask(
        _ trail: Trail, _ world: World, _ admin: Caller, _ query: [(name: String, value: String)]
    ) async throws -> Page<AuditEntryView> {
        try await trail.list(
            try ListAudit(Source(query: query)), world.call(UsersAPI.audit.declaration, as: admin)
        ).page
    }

    @Test func `another service's trail is asked of that service, its cursor handed on`() async throws {
        try await withIdentity { world in
            let (trails, admin) = (GivenTrails(), try await admin(world))
            let trail = try await trail(world, trails)
            let page = try await ask(trail, world, admin, [("service", "registry")])
            #expect(page.items.map(\.service) == ["registry"] && page.nextCursor == "1")
            #expect(try await ask(trail, world, admin, []).items.first?.service == "identity")
            #expect(trails.services == [.registry])
        }
    }

    @Test func `each look leaves one line, which the look itself does not show`() async throws {
        try await withIdentity { world in
            let admin = try await admin(world)
            let trail = try await trail(world, GivenTrails())
            let reads = [(name: "action", value: "audit.read")]
            #expect(try await ask(trail, world, admin, reads).items.isEmpty)
            _ = try await ask(trail, world, admin, [("service", "records")])
            let seen = try await ask(trail, world, admin, reads).items
            #expect(seen.map(\.subject) == ["audit/records", "audit/identity"])
            #expect(seen.allSatisfy { $0.actor == admin.account && $0.role == "admin" })
        }
    }

    @Test func `a trail that cannot be had is no answer, and no line says it was seen`() async throws {
        try await withIdentity { world in
            let admin = try await admin(world)
            let trail = try await trail(world, GivenTrails(isAway: true))
            await #expect { _ = try await ask(trail, world, admin, [("service", "registry")]) } throws: {
                ($0 as? Problem)?.code == .serviceUnavailable
            }
            #expect(try await !world.actions().contains("audit.read"))
        }
    }

    @Test func `all that is wrong with a query is told at once`() {
        let query = [("service", "gateway"), ("role", "king"), ("actor", "x"), ("from", "yesterday"), ("to", "x")]
        #expect { try ListAudit(Source(query: query.map { (name: $0.0, value: $0.1) })) } throws: {
            ($0 as? Problem)?.errors.map(\.field) == ["service", "role", "actor", "from", "to"]
        }
    }

    @Test func `what was refused has its line, and names nobody who is not known`() async throws {
        try await withIdentity { world in
            let admin = try await admin(world)
            let tokens = try await world.register("someone@example.com", username: "some_one").tokens
            await #expect(throws: Problem.self) { _ = try await world.register("someone@example.com") }
            let account = try world.caller(tokens).account
            let off = WithID<Account, UpdateUser>(id: account, body: try UpdateUser(["is_active": false]))
            _ = try await world.composition.users.update(off, world.call(UsersAPI.update.declaration, as: admin))
            await #expect(throws: Problem.self) { _ = try await world.logIn("some_one") }
            await #expect(throws: Problem.self) { _ = try await world.logIn("nobody") }
            _ = try await world.composition.users.list(
                try ListUsers(Source(query: [])), world.call(UsersAPI.list.declaration, as: admin))
            let lines = try await world.database.read(Column<String>("action || ' ' || coalesce(subject, '-')")) {
                "select \($0) from audit_entry order by entry_id desc limit 5"
            }
            #expect(
                lines.reversed() == [
                    "account.registration_refused -", "account.deactivated account/\(account)",
                    "login.refused account/\(account)", "login.failed -", "accounts.read -",
                ])
        }
    }
}
