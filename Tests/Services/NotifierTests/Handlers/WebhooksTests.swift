import API
import Chassis
import Forms
import JSON
import Kernel
import Notifier
import NotifierDomain
import Postgres
import TestSupport
import Testing
import Web

struct WebhooksTests {
    private func create(
        _ world: World, _ body: WebhookBody, names: GivenNames = GivenNames(), allowsPrivate: Bool = false
    ) async throws -> Created<WebhookSecretView> {
        try await world.webhooks(names, allowsPrivate: allowsPrivate).create(
            body, world.call(WebhooksAPI.create.declaration, by: World.hospital))
    }

    @Test func `what is wrong with address and events is said together, by field`() async throws {
        try await withWorld { world in
            let body = WebhookBody(url: "http://example.org/", events: ["appointment.eaten"], isActive: true)
            let problem = await #expect(throws: Problem.self) { _ = try await create(world, body) }
            #expect(problem?.errors.map(\.field) == ["url", "events"])
        }
    }

    @Test func `a name that leads to a refused address is refused, one that leads nowhere now is taken`() async throws {
        try await withWorld { world in
            let body = WebhookBody(url: "https://rebind.example/", events: nil, isActive: true)
            let mixed = GivenNames(
                addresses: [NetworkAddress("8.8.8.8"), NetworkAddress("10.0.0.1")].compactMap(\.self))
            let problem = await #expect(throws: Problem.self) { _ = try await create(world, body, names: mixed) }
            #expect(problem?.errors.map(\.field) == ["url"])
            _ = try await create(world, body, names: mixed, allowsPrivate: true)
            let made = try await create(world, body)
            #expect(made.view.webhook.events == ["*"] && made.version == 1)
            #expect(made.view.secret?.expose().hasPrefix("whsec_") == true)
        }
    }

    @Test func `an owner has ten, and another's are not there`() async throws {
        try await withWorld { world in
            var last: ID<Hook>?
            for _ in 0..<10 {
                world.clock.pass(.seconds(1))
                last = try await world.hook().webhook.id
            }
            await #expect(throws: Problem.self) { try await world.hook() }
            try await world.hook(of: World.otherHospital)
            let id = try #require(last)
            let call = world.call(WebhooksAPI.show.declaration, by: World.otherHospital)
            await #expect(throws: Problem.notFound) { try await world.webhooks().show(ByID(id), call) }
            await #expect(throws: Problem.notFound) { try await world.webhooks().delete(ByID(id), call) }
            let mine = try await world.webhooks().list(
                ListWebhooks(Source(query: [("page_size", "3")])),
                world.call(WebhooksAPI.list.declaration, by: World.hospital))
            #expect(mine.page.total == 10 && mine.page.items.first?.id == id)
            // Whatever a statement forgets.
            let count = Column<Int>("count(*)")
            let scope = Scope(World.otherHospital)
            #expect(try await world.database.read(count, as: scope) { "select \($0) from hook" }.one == 1)
        }
    }

    @Test func `a rotation waits for the one before, unless it is forced`() async throws {
        try await withWorld { world in
            let made = try await world.hook()
            let webhooks = try world.webhooks()
            func rotate(_ force: Bool) async throws -> WebhookSecretView {
                let body = try RotateWebhookSecret(Source(body: ["force": .bool(force)]))
                return try await webhooks.rotate(
                    WithID(id: made.webhook.id, body: body),
                    world.call(WebhooksAPI.rotate.declaration, by: World.hospital)
                ).view
            }
            let second = try await rotate(false)
            #expect(second.secret?.expose() != made.secret?.expose())
            #expect(second.webhook.oldSecretUntil == world.clock.now + .seconds(86_400))
            let problem = await #expect(throws: Problem.self) { _ = try await rotate(false) }
            #expect(problem?.code == .rotationRunning)
            _ = try await rotate(true)
            world.clock.pass(.seconds(86_401))
            #expect(try await world.show(made.webhook.id).oldSecretUntil == nil)
            _ = try await rotate(false)
        }
    }

    @Test func `a change is judged as a new one is, and an old version is refused`() async throws {
        try await withWorld { world in
            let id = try await world.hook(events: ["appointment.confirmed"]).webhook.id
            let webhooks = try world.webhooks()
            func change(_ changes: JSONValue, if condition: Condition = .none) async throws -> Item<WebhookView> {
                try await webhooks.change(
                    WithID(id: id, body: Patch(changes: changes)),
                    world.call(WebhooksAPI.change.declaration, by: World.hospital, condition: condition))
            }
            let problem = await #expect(throws: Problem.self) { _ = try await change(["url": "https://127.0.0.1/"]) }
            #expect(problem?.errors.map(\.field) == ["url"])
            let changed = try await change(["events": .null])
            #expect(changed.view.events == ["*"] && changed.version == 2)
            #expect(try await change(["events": ["*"]]).version == 2)
        }
    }

    @Test func `deliveries are listed, and one is posted again under its id`() async throws {
        try await withWorld { world in
            let id = try await world.hook().webhook.id
            try await world.confirmed()
            let receiver = GivenReceiver()
            _ = try await world.posting(by: receiver).round()
            let webhooks = try world.webhooks()
            let listing = world.call(WebhooksAPI.deliveries.declaration, by: World.hospital)
            let query = try ListWebhookDeliveries(Source(query: [("state", "sent")]))
            let page = try await webhooks.deliveries(WithID(id: id, body: query), listing).page
            let sent = try #require(page.items.first)
            #expect(page.total == 1 && sent.status == 204 && sent.error == nil && sent.attempts == 1)
            let again = world.call(WebhooksAPI.redeliver.declaration, by: World.hospital)
            #expect(try await webhooks.redeliver(ByID(sent.id), again).view.state == .waiting)
            _ = try await world.posting(by: receiver).round()
            #expect(Set(receiver.posted.compactMap { $0.field("webhook-id") }) == [sent.id.description])
            #expect(receiver.posted.count == 2)
            let stranger = world.call(WebhooksAPI.redeliver.declaration, by: World.otherHospital)
            await #expect(throws: Problem.notFound) { try await webhooks.redeliver(ByID(sent.id), stranger) }
        }
    }

    @Test func `what was missed longer ago than a week is not replayed`() async throws {
        try await withWorld { world in
            let id = try await world.hook().webhook.id
            let call = world.call(WebhooksAPI.replay.declaration, by: World.hospital)
            for since in [world.clock.now - .seconds(7 * 86_400 + 1), world.clock.now + .seconds(1)] {
                let problem = await #expect(throws: Problem.self) {
                    try await world.webhooks().replay(WithID(id: id, body: ReplayWebhook(since: since)), call)
                }
                #expect(problem?.errors.map(\.field) == ["since"])
            }
        }
    }
}
