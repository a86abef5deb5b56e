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
            Route(endpoint.declaration) { source, call in
                try await handler(try Takes(source), call).answered
            })
    }
}

extension Routes {
    /// The same endpoints, each answered by `around`, which is given its answer to make.
    package func answered(
        by around: @escaping @Sendable (Call, () async throws -> Answered) async throws -> Answered
    ) -> Routes {
        var routes = Routes()
        routes.all = all.map { route in
            Route(route.declaration) { source, call in
                try await around(call) { try await route.answer(source, call) }
            }
        }
        return routes
    }
}

/// One declared endpoint with what answers it.
package struct Route: Sendable {
    package let declaration: Declaration
    /// Both of the declaration's input, which would make them anew for each request.
    let bodyForm: BodyForm
    let filters: [String]
    package let answer: @Sendable (Source, Call) async throws -> Answered

    init(_ declaration: Declaration, _ answer: @escaping @Sendable (Source, Call) async throws -> Answered) {
        self.declaration = declaration
        self.answer = answer
        bodyForm = declaration.input.bodyForm
        filters = CursorList.filters(of: declaration)
    }
}
