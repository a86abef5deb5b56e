import API
import HTTP
import JSON
import Kernel
import Lifecycle
import Net
import Observability
import Testing
import Web

@testable import Chassis

/// Two services on one loop: one asks, the other answers.
@Suite struct ServiceClientTests {
    static let find = Endpoint(
        .get, "/api/notes/{id}", "findNote", of: .registry, for: .authenticated, takes: ByID<EventRecord>.self,
        gives: Item<ServiceFixture.NoteView>.self, says: "Note retrieved.", summary: "One note", tag: "Notes")
    static let id = "0199a3c4-0000-7000-8000-000000000001"
    static let master = Secret("a master secret of more than 32 bytes")

    private func between(
        instances: Int = 1, handler: Handler? = nil,
        _ body: @escaping @Sendable (ServiceClient, [HTTPServer]) async throws -> Void
    ) async throws {
        var routes = Routes()
        routes.serve(Self.find) { input, call in
            guard input.id.description == Self.id else { throw Problem.notFound }
            return Item(ServiceFixture.NoteView(title: "asked by \(try call.requireCaller().role.rawValue)"))
        }
        let service = try ServiceHandler(
            .registry, routes: routes,
            verifier: PrincipalVerifier(.registry, keys: PairKeys(master: Self.master, of: .registry)),
            cursors: CursorSigner(secret: Self.master), metrics: Metrics())
        let group = EventLoopGroup(count: 1)
        defer { group.shutDown() }
        let signer = PrincipalSigner(.scheduling, keys: try PairKeys(master: Self.master, of: .scheduling))
        try await group.run {
            var servers: [HTTPServer] = []
            for _ in 0..<instances {
                let server = HTTPServer(
                    .loopback(), group: group, handler: handler ?? { await service.answer($0) })
                try await server.start()
                servers.append(server)
            }
            let urls = servers.map { "http://127.0.0.1:\($0.address?.port ?? 0)" }
            let client = try ServiceClient(
                signer: signer, client: HTTPClient(group: group),
                upstreams: [.registry: urls, .identity: ["http://127.0.0.1:1"]], clock: SystemClock(),
                metrics: Metrics())
            try await body(client, servers)
            for server in servers { await server.stop() }
        }
    }

    private func origin(by caller: Caller?) -> Origin { ServiceFixture.call(key: nil, by: caller).origin }

    @Test func `the caller is carried along, and the data comes back alone`() async throws {
        try await between { client, _ in
            let answer = try await client.ask(
                Self.find.declaration, path: [Self.id], for: origin(by: ServiceFixture.staff))
            #expect(answer == ["title": "asked by staff"])
        }
    }

    @Test func `what the other refused is refused in its words`() async throws {
        try await between { client, _ in
            await #expect(throws: Problem.notFound) {
                try await client.ask(Self.find.declaration, path: ["x"], for: origin(by: ServiceFixture.staff))
            }
            await #expect(throws: Problem.notAuthenticated) {
                try await client.ask(Self.find.declaration, path: [Self.id])
            }
        }
    }

    @Test func `who cannot be reached is unavailable, who has no time left is late`() async throws {
        let lost = Endpoint(
            .get, "/api/lost", "lost", of: .identity, for: .anyone, gives: Done.self, says: "", summary: "", tag: "")
        try await between { client, _ in
            await #expect(throws: Problem.unavailable()) { try await client.ask(lost.declaration) }
            await #expect { try await client.ask(Self.find.declaration, path: [Self.id], within: .zero) } throws: {
                ($0 as? Problem)?.code == .gatewayTimeout
            }
        }
    }

    @Test func `of two instances one is dead: no call fails, writes neither`() async throws {
        let add = Endpoint(
            .post, "/api/notes", "addNote", of: .registry, for: .anyone, gives: Done.self, says: "", summary: "",
            tag: "")
        try await between(
            instances: 2, handler: { _ in Response(.ok, body: .bytes(Array(#"{"success":true,"data":{}}"#.utf8))) }
        ) { client, servers in
            await servers[0].stop()
            for _ in 0..<40 {
                _ = try await client.ask(Self.find.declaration, path: [Self.id])
                _ = try await client.ask(add.declaration, body: [:])
            }
        }
    }

    @Test func `a read at an instance that was found to hang is asked elsewhere, a write waits on`() async throws {
        let add = Endpoint(
            .post, "/api/notes", "addNote", of: .registry, for: .anyone, gives: Done.self, says: "", summary: "",
            tag: "")
        let held = Locked<[String]>([]), isHeld = [Latch(), Latch()], gates = [Latch(), Latch()]
        let isHolding = Locked(true)
        try await between(
            instances: 2,
            handler: { request in
                let isFirst = isHolding.withLock { isHolding in
                    defer { isHolding = false }
                    return isHolding
                }
                if isFirst {
                    let number = held.withLock { held in
                        held.append(request.headers["host"] ?? "")
                        return held.count - 1
                    }
                    isHeld[number].fire()
                    await gates[number].wait()
                }
                return Response(.ok, body: .bytes(Array(#"{"success":true,"data":{}}"#.utf8)))
            }
        ) { client, _ in
            let instances = try #require(client.instances[.registry])
            async let read = client.ask(Self.find.declaration, path: [Self.id])
            await isHeld[0].wait()
            await instances.check { upstream in !held.withLock { $0.contains(upstream.authority) } }
            _ = try await read
            await instances.check { _ in true }
            isHolding.withLock { $0 = true }
            async let write = client.ask(add.declaration, body: [:])
            await isHeld[1].wait()
            await instances.check { upstream in held.withLock { $0.last } != upstream.authority }
            for _ in 0..<5 { _ = try await client.ask(Self.find.declaration, path: [Self.id]) }
            gates[1].fire()
            _ = try await write
            gates[0].fire()
        }
    }

    @Test func `a read is asked for once more where an instance is short of something, a write is not`() async throws {
        let asked = Locked(0)
        let add = Endpoint(
            .post, "/api/notes", "addNote", of: .registry, for: .anyone, gives: Done.self, says: "", summary: "",
            tag: "")
        try await between(
            instances: 2,
            handler: { _ in
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                return Response(count == 1 ? .unavailable : .ok, body: .bytes(Array(#"{"data":{}}"#.utf8)))
            }
        ) { client, _ in
            _ = try await client.ask(Self.find.declaration, path: [Self.id])
            #expect(asked.withLock { $0 } == 2)
            asked.withLock { $0 = 0 }
            await #expect(throws: Problem.unavailable()) { _ = try await client.ask(add.declaration, body: [:]) }
            #expect(asked.withLock { $0 } == 1)
        }
    }

    @Test func `a service that fails all the time is left alone for a while`() async throws {
        let asked = Locked(0)
        try await between(handler: { _ in
            asked.withLock { $0 += 1 }
            return Response(.badGateway)
        }) { client, _ in
            for _ in 0..<30 { _ = try? await client.ask(Self.find.declaration, path: [Self.id]) }
            #expect(asked.withLock { $0 } == 10)
        }
    }
}
