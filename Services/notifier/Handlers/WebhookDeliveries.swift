package import API
import Chassis
import JSON
package import Kernel
import Postgres
package import Web

/// What was posted to a webhook, and what is posted again.
extension Webhooks {
    /// How far back what was missed is sent again.
    private static let replayed: Duration = .seconds(7 * 86_400)

    package func deliveries(
        _ input: WithID<Hook, ListWebhookDeliveries>, _ call: Call
    ) async throws -> Listing<WebhookDeliveryView> {
        let caller = try call.requireCaller()
        guard try await store.find(input.id, of: caller) != nil else { throw Problem.notFound }
        return Listing(
            try await store.deliveries(of: input.id, input.body, of: caller), asked: input.body.page)
    }

    package func test(_ input: ByID<Hook>, _ call: Call) async throws -> Accepted<WebhookTestView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard let hook = try await store.lock(input.id, of: caller, in: tx) else { throw Problem.notFound }
            let now = clock.now
            let id = ID<HookDelivery>.make(at: now)
            let ping = PostedEvent(
                id: .make(at: now), type: "ping", at: now, data: ["webhook_id": .string(hook.id.description)])
            try await store.insertTest(ping, for: hook, id: id, at: now, in: tx)
            try await record("webhook.tested", hook.id, call, in: tx)
            return Accepted(WebhookTestView(delivery: id))
        }
    }

    package func replay(
        _ input: WithID<Hook, ReplayWebhook>, _ call: Call
    ) async throws -> Item<WebhookReplayView> {
        let caller = try call.requireCaller()
        let now = clock.now
        guard input.body.since <= now, input.body.since >= now - Self.replayed else {
            throw Problem.field("since", "Must be a time of the last 7 days.")
        }
        return try await unit.write(call) { tx in
            guard let hook = try await store.lock(input.id, of: caller, in: tx) else { throw Problem.notFound }
            guard hook.isActive else { throw Self.isOff }
            let count = try await store.replay(hook.id, since: input.body.since, at: now, in: tx)
            try await record("webhook.replayed", hook.id, call, in: tx)
            return Item(WebhookReplayView(replayed: count))
        }
    }

    package func redeliver(_ input: ByID<HookDelivery>, _ call: Call) async throws -> Item<WebhookDeliveryView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard let delivery = try await store.standing(of: input.id, of: caller, in: tx),
                let hook = try await store.lock(delivery.hook, of: caller, in: tx)
            else { throw Problem.notFound }
            guard hook.isActive else { throw Self.isOff }
            guard let view = try await store.sendAgain(input.id, at: clock.now, in: tx) else {
                throw Problem.conflict("This event is being posted right now. Look again in a minute.")
            }
            try await record("webhook.redelivered", hook.id, call, in: tx)
            return Item(view)
        }
    }

    private static let isOff = Problem.conflict("The webhook is off: turn it on first (is_active).")
}
