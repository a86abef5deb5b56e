internal import Lifecycle

/// A Lua script that runs on the server. It is sent once and then known by its digest; a server that has forgotten it
/// (restarted, flushed) is given it again.
package final class Script: Sendable {
    let source: String
    private let digest = Locked<String?>(nil)

    package init(_ source: String) { self.source = source }

    /// The SHA-1 under which the server caches it.
    var known: String? { digest.withLock { $0 } }

    func isKnown(as name: String) { digest.withLock { $0 = name } }

    package func run(
        on redis: RedisClient, keys: [RESPArgument], _ arguments: [RESPArgument]
    ) async throws(RedisError) -> RESPValue {
        let rest = [RESPArgument(keys.count)] + keys + arguments
        guard let known else {
            guard let loaded = try await redis.command("SCRIPT", "LOAD", RESPArgument(source)).text else {
                throw .unexpectedAnswer
            }
            isKnown(as: loaded)
            return try await redis.command(["EVALSHA", RESPArgument(loaded)] + rest)
        }
        do {
            return try await redis.command(["EVALSHA", RESPArgument(known)] + rest)
        } catch {
            guard error.code == "NOSCRIPT" else { throw error }
            return try await redis.command(["EVAL", RESPArgument(source)] + rest)
        }
    }
}
