/// The names facts travel under in Redis.
package struct Channels: Sendable {
    /// In front of every key, so that installations can share a server.
    package let prefix: String

    package init(prefix: String = "praxis") { self.prefix = prefix }

    /// The durable stream of a source's events, read by consumer groups.
    package func stream(of source: String) -> String { "\(prefix):events:\(source)" }
    /// The pub/sub channel of live copies: at most once, for revocations, caches and screens.
    package func live(of source: String) -> String { "\(prefix):live:\(source)" }
    /// Who of a consumer's replicas reads a source's stream now.
    package func lead(of consumer: String, over source: String) -> String { "\(prefix):lease:\(consumer):\(source)" }
}
