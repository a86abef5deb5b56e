/// The names of keys and channels in Redis.
package struct Channels: Sendable {
    /// In front of every key, so that installations can share a server.
    package let prefix: String

    package init(prefix: String = "praxis") { self.prefix = prefix }

    /// The durable stream of a source's events, read by consumer groups.
    package func stream(of source: String) -> String { "\(prefix):events:\(source)" }
    /// The pub/sub channel of live copies: at most once, for revocations, caches and screens.
    package func live(of source: String) -> String { "\(prefix):live:\(source)" }
    /// How many of a source's events Redis had lost and was sent again, as far as it remembers.
    package func repaired(of source: String) -> String { "\(prefix):repaired:\(source)" }
    /// The lease of the replica that reads a source's stream for a consumer.
    package func lease(of consumer: String, over source: String) -> String { "\(prefix):lease:\(consumer):\(source)" }
}
