import Net

/// An event loop for as long as a command needs one.
enum Network {
    static func use<Result: Sendable>(
        _ body: @escaping @Sendable (EventLoopGroup) async throws -> Result
    ) async throws -> Result {
        let group = EventLoopGroup(count: 1)
        defer { group.shutDown() }
        return try await group.run { try await body(group) }
    }
}
