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
@Suite struct InternalClientTests {
    static let find = Endpoint(
        .get, "/api/notes/{id}", "findNote", of: .registry, for: .authenticated, takes: ByID<EventRecord>.self,
        gives: Item<ServiceFixture.NoteView>.self, says: "Note retrieved.", summary: "One note", tag: "Notes")
    static let id = "0199a3c4-0000-7000-8000-000000000001"
    static let master = Secret("a master secret of more than 32 bytes")

    private func between(_ body: @escaping @Sendable (InternalClient) async throws -> Void) async throws {
        var routes = Routes()
        routes.serve(Self.find) { input, call in
            guard input.id.description == Self.id else { throw Problem.notFound }
            return Item(ServiceFixture.NoteView(title: "asked by \(try call.requireCaller().role.rawValue)"))
        }
        let handler = try ServiceHandler(
            .registry, routes: routes,
            verifier: PrincipalVerifier(.registry, keys: PairKeys(master: Self.master, of: .registry)),
            metrics: Metrics())
        let group = EventLoopGroup(count: 1)
        defer { group.shutDown() }
        let signer = PrincipalSigner(.scheduling, keys: try PairKeys(master: Self.master, of: .scheduling))
        try await group.run {
            let server = HTTPServer(.loopback(), group: group, handler: { await handler.answer($0) })
            try await server.start()
            let port = server.address?.port ?? 0
            let client = try InternalClient(
                signer: signer, client: HTTPClient(group: group),
                upstreams: [.registry: ["http://127.0.0.1:\(port)"], .identity: ["http://127.0.0.1:1"]])
            try await body(client)
            await server.stop()
        }
    }

    private func call(by caller: Caller?) -> Call { ServiceFixture.call(key: nil, by: caller) }

    @Test func `the caller is carried along, and the data comes back alone`() async throws {
        try await between { client in
            let answer = try await client.ask(
                Self.find.declaration, path: [Self.id], for: call(by: ServiceFixture.staff).origin)
            #expect(answer == ["title": "asked by staff"])
        }
    }

    @Test func `what the other refused is refused in its words`() async throws {
        try await between { client in
            await #expect(throws: Problem.notFound) {
                try await client.ask(Self.find.declaration, path: ["x"], for: call(by: ServiceFixture.staff).origin)
            }
            await #expect(throws: Problem.notAuthenticated) {
                try await client.ask(Self.find.declaration, path: [Self.id])
            }
        }
    }

    @Test func `who cannot be reached is unavailable, who has no time left is late`() async throws {
        let lost = Endpoint(
            .get, "/api/lost", "lost", of: .identity, for: .anyone, gives: Done.self, says: "", summary: "", tag: "")
        try await between { client in
            await #expect(throws: Problem.unavailable()) { try await client.ask(lost.declaration) }
            await #expect { try await client.ask(Self.find.declaration, path: [Self.id], within: .zero) } throws: {
                ($0 as? Problem)?.code == .gatewayTimeout
            }
        }
    }
}
