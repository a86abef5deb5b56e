package import Kernel

/// Where hospitals and administrators want events posted (Standard Webhooks): a hospital hears of its own, an
/// administrator of all.
package enum WebhooksAPI {
    static let declarations: [Declaration] = [
        create.declaration, list.declaration, show.declaration, change.declaration, delete.declaration,
        rotate.declaration, test.declaration, replay.declaration, deliveries.declaration, redeliver.declaration,
    ]

    private static let owners = Access.roles([.hospital, .admin])

    package static let create = Endpoint(
        .post, "/api/webhooks", "createWebhook", of: .notifier, for: owners, takes: WebhookBody.self,
        gives: Created<WebhookSecretView>.self, says: "Webhook created successfully.",
        summary: "Has events posted to an address; the secret that signs them is shown here alone", tag: "Webhooks",
        refuses: [.conflict])

    package static let list = Endpoint(
        .get, "/api/webhooks", "listWebhooks", of: .notifier, for: owners, takes: ListWebhooks.self,
        gives: Listing<WebhookView>.self, says: "Webhooks retrieved successfully.",
        summary: "The caller's webhooks, the newest first", tag: "Webhooks")

    package static let show = Endpoint(
        .get, "/api/webhooks/{id}", "getWebhook", of: .notifier, for: owners, takes: ByID<Hook>.self,
        gives: Item<WebhookView>.self, says: "Webhook retrieved successfully.", summary: "One of them",
        tag: "Webhooks", refuses: [.notFound])

    package static let change = Endpoint(
        .patch, "/api/webhooks/{id}", "changeWebhook", of: .notifier, for: owners,
        takes: WithID<Hook, Patch<WebhookBody>>.self, gives: Item<WebhookView>.self,
        says: "Webhook changed successfully.", summary: "Changes address or events, or turns it off and on again",
        tag: "Webhooks", refuses: [.notFound, .preconditionFailed])

    package static let delete = Endpoint(
        .delete, "/api/webhooks/{id}", "deleteWebhook", of: .notifier, for: owners, takes: ByID<Hook>.self,
        gives: Done.self, says: "Webhook deleted successfully.",
        summary: "Posts nothing there any more; its deliveries are gone with it", tag: "Webhooks",
        refuses: [.notFound, .preconditionFailed])

    package static let rotate = Endpoint(
        .post, "/api/webhooks/{id}/rotate-secret", "rotateWebhookSecret", of: .notifier, for: owners,
        takes: WithID<Hook, RotateWebhookSecret>.self, gives: Item<WebhookSecretView>.self,
        says: "Webhook secret rotated successfully.",
        summary: "A new secret, shown here alone; the one of before signs beside it for 24 hours", tag: "Webhooks",
        refuses: [.notFound, .rotationRunning])

    package static let test = Endpoint(
        .post, "/api/webhooks/{id}/test", "testWebhook", of: .notifier, for: owners, takes: ByID<Hook>.self,
        gives: Accepted<WebhookTestView>.self, says: "A ping is on its way.",
        summary: "Posts a `ping`, once, also while the webhook is off", tag: "Webhooks", refuses: [.notFound])

    package static let replay = Endpoint(
        .post, "/api/webhooks/{id}/replay", "replayWebhook", of: .notifier, for: owners,
        takes: WithID<Hook, ReplayWebhook>.self, gives: Item<WebhookReplayView>.self,
        says: "What was missed is on its way.",
        summary: "Sends again what failed or was skipped since a time, at most 7 days ago", tag: "Webhooks",
        refuses: [.notFound, .conflict])

    package static let deliveries = Endpoint(
        .get, "/api/webhooks/{id}/deliveries", "listWebhookDeliveries", of: .notifier, for: owners,
        takes: WithID<Hook, ListWebhookDeliveries>.self, gives: Listing<WebhookDeliveryView>.self,
        says: "Deliveries retrieved successfully.",
        summary: "What was posted there in the last 30 days, the newest first",
        tag: "Webhooks", refuses: [.notFound])

    package static let redeliver = Endpoint(
        .post, "/api/webhooks/deliveries/{id}/redeliver", "redeliverWebhook", of: .notifier, for: owners,
        takes: ByID<HookDelivery>.self, gives: Item<WebhookDeliveryView>.self, says: "The event is posted again.",
        summary: "Posts one event again, under the same `webhook-id`", tag: "Webhooks",
        refuses: [.notFound, .conflict])
}
