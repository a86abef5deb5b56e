import API
import Events
import Kernel
import Messaging
import Notifier
import NotifierDomain
import Observability
import Testing
import Web

struct QueuesTests {
    func show(_ world: World) async throws -> QueuesView {
        let queues = Queues(
            queues: QueueStore(database: world.database), streams: GivenStreams(), clock: world.clock)
        return try await queues.show(NoInput(), world.call(DeliveriesAPI.queues.declaration)).view
    }

    @Test func `where nothing moves there is a row of nothing`() async throws {
        try await withWorld { world in
            let view = try await show(world)
            #expect(view.deliveries.map(\.channel) == [.email, .sms])
            #expect(view.deliveries.allSatisfy { $0.waiting == 0 && $0.oldest == nil && $0.dead == 0 })
            #expect(view.webhooks.waiting == 0 && view.webhooks.oldest == nil && view.webhooks.oldestSeconds == 0)
        }
    }

    @Test func `it shows what waits and since when, what went out and what failed`() async throws {
        try await withWorld { world in
            let start = world.clock.now
            for _ in 0..<5 { try await world.handler.handle(world.registered()) }
            let mailer = GivenMailer(.refused(code: "smtp_550"), .deferred(code: "smtp_451"))
            _ = try await world.sending(by: mailer).round()
            world.clock.pass(.seconds(30))
            _ = try await world.deliveries.claim(1, of: .email, at: world.clock.now, lease: .seconds(45))
            let mail = try #require(try await show(world).deliveries.first)
            #expect(mail.waiting == 2 && mail.inFlight == 1 && mail.retrying == 1)
            #expect(mail.oldest == start && mail.oldestSeconds == 30)
            #expect(mail.triedLastMinute == 5 && mail.sentLastHour == 2 && mail.failedLastHour == 1)
            #expect(mail.failed == 1 && mail.dead == 0)
            world.clock.pass(.seconds(4000))
            let later = try #require(try await show(world).deliveries.first)
            #expect(later.triedLastMinute == 0 && later.sentLastHour == 0 && later.failedLastHour == 0)
            #expect(later.failed == 1)
        }
    }

    @Test func `it shows what waits for webhooks, and how many of these fail`() async throws {
        try await withWorld { world in
            let start = world.clock.now
            try await world.hook()
            try await world.hook("https://b.example/", of: World.admin)
            try await world.confirmed()
            let receiver = GivenReceiver(.failed("unreachable"))
            #expect(try await world.posting(by: receiver).round() == 2)
            world.clock.pass(.seconds(30))
            try await world.confirmed()
            _ = try await HookQueueStore(database: world.database).claim(
                1, at: world.clock.now, lease: .seconds(45))
            let queue = try await show(world).webhooks
            #expect(queue.waiting == 3 && queue.inFlight == 1 && queue.failing == 1)
            #expect(queue.oldest == start && queue.oldestSeconds == 30)
            #expect(queue.triedLastMinute == 2 && queue.sentLastHour == 1 && queue.failed == 0)
            world.clock.pass(.seconds(86_400))
            let away = GivenReceiver(rest: .failed("unreachable"))
            _ = try await world.posting(by: away).round()
            let later = try await show(world).webhooks
            #expect(later.failed >= 1 && later.failedLastHour == later.failed && later.sentLastHour == 0)
            world.clock.pass(.seconds(4000))
            #expect(try await show(world).webhooks.failedLastHour == 0)
        }
    }

    @Test func `events not heard, and those given up, are counted by who told them`() async throws {
        try await withWorld { world in
            try await world.handler.moveToDeadLetters(world.registered(), reason: "x", tries: 5)
            let events = try await show(world).events
            #expect(events.map(\.source) == ["identity", "registry"])
            #expect(events.map(\.behind) == [3, nil] && events.map(\.pending) == [1, nil])
            #expect(events.map(\.repaired) == [7, nil])
            #expect(events.map(\.deadLetters) == [1, 0])
        }
    }

    @Test func `the same stands on the page of measures`() async throws {
        try await withWorld { world in
            try await world.handler.handle(world.registered())
            let hook = try await world.hook().webhook.id
            _ = try await world.webhooks().test(
                ByID(hook), world.call(WebhooksAPI.test.declaration, by: World.hospital))
            world.clock.pass(.seconds(12))
            let metrics = Metrics()
            try await MeasureQueues(
                queues: QueueStore(database: world.database), clock: world.clock, metrics: metrics
            ).measure()
            let text = Exposition.text(of: metrics)
            #expect(text.contains("praxis_deliveries_waiting{channel=\"email\"} 1"))
            #expect(text.contains("praxis_deliveries_waiting{channel=\"sms\"} 0"))
            #expect(text.contains("praxis_deliveries_oldest_seconds{channel=\"email\"} 12"))
            #expect(text.contains("praxis_webhook_deliveries_waiting 1"))
            #expect(text.contains("praxis_webhook_deliveries_oldest_seconds 12"))
            #expect(text.contains("praxis_webhooks_failing 0"))
        }
    }
}
