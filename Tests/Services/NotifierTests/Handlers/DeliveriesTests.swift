import API
import Events
import Forms
import JSON
import Kernel
import Messaging
import Notifier
import NotifierDomain
import Postgres
import Testing
import Web

struct DeliveriesTests {
    func list(_ world: World, _ query: (name: String, value: String)...) async throws -> Page<DeliveryView> {
        let query = try ListDeliveries(Source(query: query))
        return try await world.administration.list(query, world.call(DeliveriesAPI.list.declaration)).page
    }

    @discardableResult
    func retry(_ world: World, _ id: ID<Delivery>) async throws -> DeliveryView {
        try await world.administration.retry(ByID(id), world.call(DeliveriesAPI.retry.declaration)).view
    }

    func failed(_ world: World, _ outcome: Outcome = .refused(code: "smtp_550")) async throws -> ID<Delivery> {
        try await world.handler.handle(world.registered())
        _ = try await world.sending(by: GivenMailer(outcome)).round()
        return try #require(try await list(world).items.first).id
    }

    @Test func `the list shows ids and codes, the newest first, by state, kind and channel`() async throws {
        try await withWorld { world in
            _ = try await failed(world)
            world.clock.pass(.seconds(1))
            try await world.handler.handle(world.envelope(.phoneCodeRequested(world.fact())))
            let all = try await list(world)
            #expect(all.total == 2 && all.items.map(\.kind) == ["phone_code", "welcome"])
            let last = try #require(all.items.last)
            #expect(last.state == .failed && last.lastError == "smtp_550" && last.attempts == 1)
            #expect(last.nextAttempt == nil && last.settled != nil && last.lastAttempt != nil)
            #expect(try await list(world, ("state", "waiting")).items.map(\.kind) == ["phone_code"])
            #expect(try await list(world, ("kind", "welcome")).items.map(\.channel) == ["email"])
            #expect(try await list(world, ("channel", "sms")).total == 1)
            #expect(try await list(world, ("kind", "nothing")).total == 0)
            let problem = #expect(throws: Problem.self) {
                try ListDeliveries(Source(query: [("state", "lost"), ("channel", "pigeon"), ("page", "0")]))
            }
            #expect(Set(problem?.errors.map(\.field) ?? []) == ["state", "channel", "page"])
        }
    }

    @Test func `deep lists are walked by a cursor`() async throws {
        try await withWorld { world in
            for _ in 0..<5 { try await world.handler.handle(world.registered()) }
            var seen: [ID<Delivery>] = []
            var cursor: String? = ""
            while let at = cursor {
                let page = try await list(world, ("cursor", at), ("page_size", "2"))
                seen += page.items.map(\.id)
                cursor = page.nextCursor
            }
            #expect(Set(seen).count == 5 && seen.count == 5)
            await #expect(throws: Problem.self) { try await list(world, ("cursor", "x_y")) }
        }
    }

    @Test func `what failed goes out again, under its own message id, and the trail says who did it`() async throws {
        try await withWorld { world in
            let id = try await failed(world)
            world.clock.pass(.seconds(200_000))
            let view = try await retry(world, id)
            #expect(view.state == .waiting && view.retried == world.clock.now && view.lastError == "smtp_550")
            let mailer = GivenMailer()
            _ = try await world.sending(by: mailer).round()
            #expect(mailer.sent.map(\.messageID) == ["<\(id)@praxis.example>"])
            #expect(try await world.state() == ["sent 2 -"])
            let entry = Projection(Column<String>("action"), Column<String>("subject"), Column<ID<Account>>("actor_id"))
            let (action, subject, actor) = try await world.database.read(entry) { "select \($0) from audit_entry" }.one
            #expect(action == "delivery.retried")
            #expect(subject == "delivery/\(id)")
            #expect(actor == World.admin.account)
        }
    }

    @Test func `its life begins anew, and its waits are short again`() async throws {
        try await withWorld { world in
            let id = try await failed(world)
            world.clock.pass(.seconds(200_000))
            try await retry(world, id)
            let sending = try world.sending(by: GivenMailer(.deferred(code: "smtp_450"), .deferred(code: "smtp_450")))
            _ = try await sending.round()
            let next = try #require(try await list(world).items.first?.nextAttempt)
            #expect(next - world.clock.now <= .seconds(60))
            world.clock.pass(.seconds(86_400))
            _ = try await sending.round()
            #expect(try await world.state() == ["dead 3 smtp_450"])
            try await retry(world, id)
            #expect(try await world.state() == ["waiting 3 smtp_450"])
        }
    }

    @Test func `what waits goes out at once`() async throws {
        try await withWorld { world in
            let id = try await failed(world, .deferred(code: "smtp_451"))
            try await retry(world, id)
            let mailer = GivenMailer()
            _ = try await world.sending(by: mailer).round()
            #expect(mailer.sent.count == 1)
        }
    }

    @Test func `what was sent, is being sent or is not there does not go out again`() async throws {
        try await withWorld { world in
            let id = try await failed(world, .accepted)
            let sent = await #expect(throws: Problem.self) { try await retry(world, id) }
            #expect(sent?.code == .illegalTransition)

            world.clock.pass(.seconds(1))
            try await world.handler.handle(world.registered())
            let claimed = try await world.deliveries.claim(1, of: .email, at: world.clock.now, lease: .seconds(45))
            let due = try #require(claimed.first)
            let flying = await #expect(throws: Problem.self) { try await retry(world, due.id) }
            #expect(flying?.code == .conflict)
            // Its sender died: after the lease nobody is at work.
            world.clock.pass(.seconds(46))
            try await retry(world, due.id)

            await #expect(throws: Problem.notFound) { try await retry(world, .make(at: world.clock.now)) }
            #expect(try await world.database.read(Column<Int>("count(*)")) { "select \($0) from audit_entry" } == [1])
        }
    }
}
