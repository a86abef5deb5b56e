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

/// Which services were asked.
private final class Asked: Sendable {
    let services = Locked<[AuditedService]>([])
}

/// Another service's trail: one line, those a test gives it, or none to be had.
private struct GivenTrails: TrailSource {
    private let asked = Asked()
    var isAway = false

    var services: [AuditedService] { asked.services.withLock { $0 } }
    /// Seconds at which each service has lines, the newest first, numbered from the oldest.
    var lines: [AuditedService: [Int64]] = [:]

    func page(_ query: ListAudit, for origin: Origin, until deadline: Deadline) async throws -> Page<AuditEntryView> {
        guard let service = query.service else { throw Problem.internalError }
        asked.services.withLock { $0.append(service) }
        if isAway { throw Problem.unavailable() }
        if let lines = lines[service] {
            let before = try query.page.cursor().map { try $0.number() } ?? .max
            let found = lines.enumerated().map { (id: Int64(lines.count - $0), at: $1) }.filter { $0.id < before }
            return Page(
                fetched: found.prefix(query.page.size + 1).map { line in
                    Self.entry(service, String(line.id), Instant(seconds: line.at))
                }, size: query.page.size
            ) { Cursor(id: $0.id).text }
        }
        return Page(items: [Self.entry(service, "1", Instant(seconds: 1))], total: nil, nextCursor: "1")
    }

    private static func entry(_ service: AuditedService, _ id: String, _ at: Instant) -> AuditEntryView {
        AuditEntryView(
            id: id, service: service.rawValue, at: at, action: "patient.created", actor: nil,
            role: nil, subject: nil, requestID: nil, address: nil, batch: nil)
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
            #expect(try await ask(trail, world, admin, [("service", "identity")]).items.first?.service == "identity")
            #expect(trails.services == [.registry])
        }
    }

    @Test func `each look leaves one line, which the look itself does not show`() async throws {
        try await withIdentity { world in
            let admin = try await admin(world)
            let trail = try await trail(world, GivenTrails())
            let reads = [(name: "action", value: "audit.read"), (name: "service", value: "identity")]
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

    @Test func `without a service all trails are one list, the newest first, walked without gap or repetition`()
        async throws
    {
        try await withIdentity { world in
            let admin = try await admin(world)
            var trails = GivenTrails()
            // Identity's own lines are of this second.
            let now: Int64 = 1_760_000_000
            trails.lines = [
                .registry: [now + 9, now + 4, now - 3, now - 8], .scheduling: [], .records: [now + 5, now - 1],
                .notifier: (1...7).map { now - 20 - $0 },
            ]
            let trail = try await trail(world, trails)
            let own = try await world.actions().count
            var (found, cursor): ([AuditEntryView], String?) = ([], nil)
            repeat {
                let next = cursor.map { [(name: "cursor", value: $0)] } ?? []
                let page = try await ask(trail, world, admin, [("page_size", "3")] + next)
                #expect(page.items.count == 3 || page.nextCursor == nil)
                found += page.items
                cursor = page.nextCursor
            } while cursor != nil
            #expect(found.map(\.at) == found.map(\.at).sorted(by: >))
            #expect(Set(found.map { "\($0.service)/\($0.id)" }).count == found.count)
            #expect(found.count == own + 4 + 2 + 7)
            let numbered = await #expect(throws: Problem.self) {
                try await ask(trail, world, admin, [("page", "2")])
            }
            #expect(numbered?.errors.map(\.field) == ["page"])
            #expect(numbered?.errors.first?.messages.first?.contains("`cursor`") == true)
            let forged = await #expect(throws: Problem.self) {
                try await ask(trail, world, admin, [("cursor", "all/registry=x")])
            }
            #expect(forged?.errors.map(\.field) == ["cursor"])
        }
    }

    @Test func `a service that gives no trail is named, and the others are shown`() async throws {
        try await withIdentity { world in
            let admin = try await admin(world)
            let trail = try await trail(world, GivenTrails(isAway: true))
            let answer = try await trail.list(
                try ListAudit(Source(query: [])), world.call(UsersAPI.audit.declaration, as: admin))
            #expect(answer.missing == ["registry", "scheduling", "records", "notifier"])
            #expect(!answer.page.items.isEmpty)
            #expect(try await world.actions().last == "audit.read")
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
