package import API
package import Forms
import Kernel

/// A service's endpoints joined to their handlers.
package struct Routes: Sendable {
    package private(set) var all: [Route] = []

    package init() {}

    /// The endpoint is served by the handler: input read, handler asked, answer given.
    package mutating func serve<Takes: Input, Gives: Answer>(
        _ endpoint: Endpoint<Takes, Gives>, _ handler: @escaping @Sendable (Takes, Call) async throws -> Gives
    ) {
        all.append(
            Route(declaration: endpoint.declaration) { source, call in
                try await handler(try Takes(source), call).answered
            })
    }
}

/// One declared endpoint with what answers it.
package struct Route: Sendable {
    package let declaration: Declaration
    package let answer: @Sendable (Source, Call) async throws -> Answered
}
