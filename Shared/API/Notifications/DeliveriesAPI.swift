package import Kernel

/// The messages that are on their way to people, as administrators watch over them: ids, kinds and codes, never a name,
/// an address or a text.
package enum DeliveriesAPI {
    static let declarations: [Declaration] = [list.declaration, retry.declaration, queues.declaration]

    package static let list = Endpoint(
        .get, "/api/admin/deliveries", "listDeliveries", of: .notifier, for: .roles([.admin]),
        takes: ListDeliveries.self, gives: Listing<DeliveryView>.self, says: "Deliveries retrieved successfully.",
        summary: "All messages, the newest first", tag: "Administration")

    package static let retry = Endpoint(
        .post, "/api/admin/deliveries/{id}/retry", "retryDelivery", of: .notifier, for: .roles([.admin]),
        takes: ByID<Delivery>.self, gives: Item<DeliveryView>.self, says: "The message goes out again.",
        summary: "Send again what failed, was given up or waits, with a fresh lifetime", tag: "Administration",
        refuses: [.notFound, .conflict, .illegalTransition])

    package static let queues = Endpoint(
        .get, "/api/admin/queues", "listQueues", of: .notifier, for: .roles([.admin]),
        gives: Item<QueuesView>.self, says: "Queues retrieved successfully.",
        summary: "What waits, for how long, what went out and what failed", tag: "Administration")
}
