import API
import Events
import Forms
import JSON
import Kernel
import Messaging
import Notifier
import NotifierDomain
import Postgres
import TestSupport
import Testing
import Web

struct SendHooksTests {
    @Test func `a hospital's hook gets its own events, an administrator's those of all, and each what it asked for`()
        async throws
    {
        try await withWorld { world in
            let own = try await world.hook()
            try await world.hook("https://b.example/", events: ["appointment.cancelled", "appointment.confirmed"])
            try await world.hook("https://c.example/", events: ["appointment.cancelled"])
            try await world.hook("https://d.example/", of: World.otherHospital)
            try await world.hook("https://e.example/", events: ["*"], of: World.admin)
            let envelope = try await world.confirmed()
            try await world.handler.handle(world.envelope(Event.hospitalApproved.sample))
            let receiver = GivenReceiver()
            #expect(try await world.posting(by: receiver).round() == 4)
            let urls = receiver.posted.map(\.url.text).sorted()
            #expect(
                urls == [
                    "https://b.example/", "https://e.example/", "https://e.example/", "https://receiver.example/events",
                ])
            let posted = try #require(receiver.posted.first { $0.url.text == own.webhook.url })
            let body = try JSONReader.read(Array(posted.body.utf8))
            #expect(body["type"] == "appointment.confirmed" && body["timestamp"]?.string == envelope.time.rfc3339)
            let keys = body["data"]?.object?.map(\.key) ?? []
            #expect(keys.contains("appointment_id") && keys.contains("status") && keys.contains("start"))
            #expect(!keys.contains { $0.contains("account") })
        }
    }

    @Test func `an event heard twice is posted once, and a later try has its id and body`() async throws {
        try await withWorld { world in
            try await world.hook()
            let envelope = try await world.confirmed()
            try await world.database.run("delete from handled")
            try await world.handler.handle(envelope)
            let receiver = GivenReceiver(.answered(503, retryAfter: 60, milliseconds: 3))
            let posting = try world.posting(by: receiver)
            #expect(try await posting.round() == 1)
            #expect(try await world.hookStates() == ["waiting 1 status"])
            world.clock.pass(.seconds(59))
            #expect(try await posting.round() == 0)
            world.clock.pass(.seconds(1))
            #expect(try await posting.round() == 1)
            #expect(try await world.hookStates() == ["sent 2 -"])
            let (first, second) = (receiver.posted[0], receiver.posted[1])
            #expect(first.body == second.body && first.field("webhook-id") == second.field("webhook-id"))
            #expect(first.field("webhook-timestamp") != second.field("webhook-timestamp"))
        }
    }

    @Test func `a receiver that is away a day is warned of, turned off and told of, brought back and replayed`()
        async throws
    {
        try await withWorld { world in
            let hook = try await world.hook().webhook.id
            try await world.confirmed()
            let begin = world.clock.now
            let posting = try world.posting(by: GivenReceiver(rest: .failed("unreachable", milliseconds: 3)))
            _ = try await posting.round()
            world.clock.pass(.seconds(3599))
            #expect(try await !world.notes.warn())
            #expect(try await told(world).mails.isEmpty)
            world.clock.pass(.seconds(1))
            #expect(try await world.notes.warn())
            #expect(try await !world.notes.warn())
            #expect(try await told(world).mails == ["webhook_failing"])
            #expect(try await world.show(hook).failingSince == begin)
            while try await world.show(hook).isActive {
                world.clock.pass(.seconds(600))
                _ = try await posting.round()
                guard world.clock.now < begin + .seconds(90_000) else { break }
            }
            let off = try await world.show(hook)
            #expect(!off.isActive && off.disabledReason == "failing")
            #expect(world.clock.now >= begin + .seconds(86_400) && world.clock.now < begin + .seconds(88_000))
            let told = try await told(world)
            #expect(told.mails == ["webhook_failing", "webhook_disabled"])
            #expect(told.inbox == ["webhook.failing", "webhook.disabled"] && told.stream == told.inbox)
            try await world.confirmed()
            #expect(try await world.hookStates().map { $0.prefix { $0 != " " } } == ["failed", "skipped"])
            try await bringBack(hook, since: begin, world)
            let receiver = GivenReceiver()
            #expect(try await world.posting(by: receiver).round() == 2)
            #expect(try await world.hookStates().allSatisfy { $0.hasPrefix("sent") })
            #expect(try await world.show(hook).failingSince == nil)
        }
    }

    /// What the hook's owner was told of it, in its order.
    private func told(_ world: World) async throws -> (mails: [String], inbox: [String], stream: [String]) {
        let (kind, name, owner) = (Column<String>("kind"), Column<String>("name"), World.hospital.account)
        let mails = try await world.database.read(kind) {
            "select \($0) from delivery where kind like 'webhook%' and account_id = \(owner) order by created_at"
        }
        let inbox = try await world.database.read(kind, as: .service) {
            "select \($0) from inbox_message where kind like 'webhook%' and account_id = \(owner) order by created_at"
        }
        let stream = try await world.database.read(name, as: .service) {
            "select \($0) from live_event where name like 'webhook%' and account_id = \(owner) order by seq"
        }
        return (Array(mails), Array(inbox), Array(stream))
    }

    private func bringBack(_ hook: ID<Hook>, since: Instant, _ world: World) async throws {
        let webhooks = try world.webhooks()
        let replay = ReplayWebhook(since: since)
        let call = world.call(WebhooksAPI.replay.declaration, by: World.hospital)
        await #expect(throws: Problem.self) { try await webhooks.replay(WithID(id: hook, body: replay), call) }
        let patch = Patch<WebhookBody>(changes: ["is_active": true])
        let changed = try await webhooks.change(
            WithID(id: hook, body: patch), world.call(WebhooksAPI.change.declaration, by: World.hospital))
        #expect(changed.view.isActive && changed.view.disabledAt == nil)
        #expect(try await webhooks.replay(WithID(id: hook, body: replay), call).view.replayed == 2)
    }

    @Test func `a name that leads elsewhere than when it was judged gets no packet`() async throws {
        try await withWorld { world in
            let sink = HTTPSink("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            defer { sink.stop() }
            let good = GivenNames(addresses: [NetworkAddress("8.8.8.8")].compactMap(\.self))
            let body = WebhookBody(url: "https://rebind.example:\(sink.port)/", events: nil, isActive: true)
            let call = world.call(WebhooksAPI.create.declaration, by: World.hospital)
            _ = try await world.webhooks(good).create(body, call)
            try await world.confirmed()
            let now = GivenNames(addresses: HookSenderTests.loopback)
            let sender = HTTPHookSender(names: now, allowsPrivate: false)
            #expect(try await world.posting(by: sender).round() == 1)
            #expect(try await world.hookStates() == ["waiting 1 address_refused"])
            #expect(sink.requests.isEmpty)
        }
    }

    @Test func `410 turns a hook off at once, and what waits is kept`() async throws {
        try await withWorld { world in
            let hook = try await world.hook().webhook.id
            try await world.confirmed()
            world.clock.pass(.seconds(1))
            _ = try await world.posting(by: GivenReceiver(.answered(410, retryAfter: nil, milliseconds: 3))).round()
            try await world.confirmed()
            #expect(try await world.hookStates() == ["failed 1 gone", "skipped 0 -"])
            #expect(try await world.show(hook).disabledReason == "gone")
        }
    }

    @Test func `a ping goes out once, also while a hook is off, and says nothing about it`() async throws {
        try await withWorld { world in
            let hook = try await world.hook(events: ["appointment.cancelled"]).webhook.id
            let webhooks = try world.webhooks()
            let off = Patch<WebhookBody>(changes: ["is_active": false])
            _ = try await webhooks.change(
                WithID(id: hook, body: off), world.call(WebhooksAPI.change.declaration, by: World.hospital))
            let call = world.call(WebhooksAPI.test.declaration, by: World.hospital)
            _ = try await webhooks.test(ByID(hook), call)
            let receiver = GivenReceiver(.answered(410, retryAfter: nil, milliseconds: 3))
            #expect(try await world.posting(by: receiver).round() == 1)
            #expect(receiver.posted.first?.body.hasPrefix("{\"type\":\"ping\"") == true)
            #expect(try await world.hookStates() == ["failed 1 gone"])
            let view = try await world.show(hook)
            #expect(view.disabledReason == "owner" && view.failingSince == nil)
        }
    }

    @Test func `an owner has four tries at once, of which a hook beside others takes three`() async throws {
        try await withWorld { world in
            let queue = HookQueueStore(database: world.database)
            let alone = try await world.hook("https://slow.example/").webhook.id
            for _ in 0..<6 { try await world.confirmed() }
            let first = try await queue.claim(32, at: world.clock.now, lease: .seconds(45))
            #expect(first.count == 4)
            // Another notifier gets nothing of it while they last.
            #expect(try await queue.claim(32, at: world.clock.now, lease: .seconds(45)).isEmpty)
            world.clock.pass(.seconds(46))
            let other = try await world.hook("https://quick.example/").webhook.id
            try await world.confirmed()
            try await world.hook("https://admin.example/", of: World.admin)
            let second = try await queue.claim(32, at: world.clock.now, lease: .seconds(45))
            #expect(second.count { $0.hook == alone } == 3 && second.count { $0.hook == other } == 1)
        }
    }

    @Test func `two notifiers never take the same event`() async throws {
        try await withWorld { world in
            let queue = HookQueueStore(database: world.database)
            for index in 0..<4 { try await world.hook("https://r\(index).example/") }
            try await world.confirmed()
            let now = world.clock.now
            async let one = queue.claim(32, at: now, lease: .seconds(45))
            async let two = queue.claim(32, at: now, lease: .seconds(45))
            let taken = try await (one + two).map(\.id)
            #expect(taken.count == 4 && Set(taken).count == 4)
        }
    }

    @Test func `whoever is let in no more gets no more events`() async throws {
        try await withWorld { world in
            let hook = try await world.hook(of: World.admin).webhook.id
            let standing = StandingFact(account: World.admin.account, role: .admin, version: 2)
            try await world.confirmed()
            try await world.handler.handle(world.envelope(.accountDeactivated(standing)))
            try await world.confirmed()
            #expect(try await world.posting(by: GivenReceiver()).round() == 0)
            #expect(try await world.hookStates() == ["skipped 0 -", "skipped 0 -"])
            #expect(try await world.show(hook, of: World.admin).disabledReason == "account")
        }
    }

    @Test func `a hook made in the moment in which its account is shut out gets nothing until that is let in again`()
        async throws
    {
        try await withWorld { world in
            let standing = StandingFact(account: World.admin.account, role: .admin, version: 2)
            try await world.handler.handle(world.envelope(.accountDeactivated(standing)))
            try await world.hook(of: World.admin)
            try await world.confirmed()
            #expect(try await world.posting(by: GivenReceiver()).round() == 0)
            #expect(try await world.hookStates() == ["skipped 0 -"])
            try await world.handler.handle(world.envelope(.accountActivated(standing)))
            try await world.confirmed()
            #expect(try await world.posting(by: GivenReceiver()).round() == 1)
        }
    }

    @Test func `what is turned off right now is neither waited for nor posted`() async throws {
        try await withWorld { world in
            try await world.hook()
            try await world.hook("https://e.example/", of: World.admin)
            try await world.confirmed()
            let queue = HookQueueStore(database: world.database)
            try await world.database.transaction(as: .service) { tx in
                try await HookEventStore().shut(World.hospital.account, at: world.clock.now, in: tx)
                let claimed = try await queue.claim(32, at: world.clock.now, lease: .seconds(45))
                #expect(claimed.map(\.owner) == [World.admin.account])
            }
            #expect(try await world.hookStates().sorted() == ["skipped 0 -", "waiting 1 -"])
        }
    }

    @Test func `a try that died while its hook was turned off is kept as skipped`() async throws {
        try await withWorld { world in
            let hook = try await world.hook().webhook.id
            try await world.confirmed()
            let queue = HookQueueStore(database: world.database)
            _ = try await queue.claim(1, at: world.clock.now, lease: .seconds(45))
            let off = Patch<WebhookBody>(changes: ["is_active": false])
            _ = try await world.webhooks().change(
                WithID(id: hook, body: off), world.call(WebhooksAPI.change.declaration, by: World.hospital))
            world.clock.pass(.seconds(44))
            try await queue.skipAbandoned(at: world.clock.now)
            #expect(try await world.hookStates() == ["waiting 1 -"])
            world.clock.pass(.seconds(1))
            try await queue.skipAbandoned(at: world.clock.now)
            #expect(try await world.hookStates() == ["skipped 1 -"])
        }
    }
}
