/// Which pages of other origins may read our answers (WHATWG Fetch, CORS protocol): a list of exact origins, never `*`,
/// since credentials are allowed.
package struct CrossOrigin: Sendable {
    private let origins: Set<String>

    package init(origins: [String]) {
        self.origins = Set(origins.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 })
    }

    package var all: [String] { origins.sorted() }

    package func allows(_ origin: String) -> Bool { origins.contains(origin) }

    /// Fields of every answer to an allowed origin.
    package func fields(for origin: String) -> [(name: String, value: String)] {
        guard allows(origin) else { return [] }
        return [
            ("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"),
            (
                "Access-Control-Expose-Headers",
                "ETag, Location, Link, Retry-After, X-Request-Id, RateLimit-Limit, RateLimit-Policy, "
                    + "RateLimit-Remaining, RateLimit-Reset, Idempotency-Replayed"
            ),
        ]
    }

    /// The answer to a preflight from an allowed origin: the methods the path has, and every field it asked for.
    package func preflight(
        for origin: String, methods: [String], asked: String?
    ) -> [(name: String, value: String)] {
        guard allows(origin) else { return [] }
        return [
            ("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", methods.joined(separator: ", ")),
            ("Access-Control-Allow-Headers", asked ?? "Authorization, Content-Type, Idempotency-Key, If-Match"),
            ("Access-Control-Max-Age", "600"),
        ]
    }
}
