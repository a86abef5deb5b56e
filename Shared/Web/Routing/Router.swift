package import API
package import HTTP

/// Finds what stands at a path: a trie of segments in which a literal is preferred to a parameter. Paths are served
/// with and without a trailing slash. Services look for handlers with it, the gateway for owners.
package struct Router<Payload: Sendable>: Sendable {
    /// What a method and a path lead to.
    package enum Match: Sendable {
        /// What stands there, and the template that says which segments are parameters.
        case found(Payload, PathTemplate)
        /// The path is there, but not for this method: what it is there for.
        case wrongMethod(allowed: [Verb])
        case unknown
    }

    private var entries: [(declared: PathTemplate, payload: Payload)] = []
    package private(set) var tree = RouteTree()

    package init() {}

    /// All of them, or the first two that match the same paths.
    package init(_ all: some Sequence<(Verb, PathTemplate, Payload)>) throws(RouteClash) {
        for (verb, path, payload) in all { try add(verb, path, payload) }
    }

    /// What stands at the tree's entries, by their numbers.
    package var payloads: [Payload] { entries.map(\.payload) }

    package mutating func add(_ verb: Verb, _ path: PathTemplate, _ payload: Payload) throws(RouteClash) {
        if let other = tree.add(verb, path, entries.count) {
            throw RouteClash(verb: verb, path: path, other: entries[other].declared)
        }
        entries.append((path, payload))
    }

    /// `HEAD` is answered where `GET` is; the server leaves its body out.
    package func match(_ method: Method, _ path: String) -> Match {
        var allowed = VerbSet()
        if let number = tree.entry(method, path.utf8.span, &allowed) {
            return .found(entries[number].payload, entries[number].declared)
        }
        return allowed.isEmpty ? .unknown : .wrongMethod(allowed: allowed.sorted)
    }
}

/// Two declarations that answer the same requests.
package struct RouteClash: Error, Equatable, CustomStringConvertible {
    package let verb: Verb
    package let path: PathTemplate
    package let other: PathTemplate

    package var description: String { "\(verb.rawValue) \(path) and \(other) answer the same requests" }
}
