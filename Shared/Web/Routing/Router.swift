package import API
package import HTTP

/// Finds what stands at a path: a trie of segments in which a literal is preferred to a parameter. Paths are served with
/// and without a trailing slash. Services look for handlers with it, the gateway for owners.
package struct Router<Payload: Sendable>: Sendable {
    package typealias Parameters = [(name: String, value: String)]

    package enum Match: Sendable {
        case found(Payload, Parameters)
        /// The path is there, but not for this method: what it is there for.
        case wrongMethod(allowed: [Verb])
        case unknown
    }

    private struct Entry: Sendable {
        let declared: PathTemplate
        let names: [String]
        let payload: Payload
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var entries: [Verb: Entry] = [:]
    }

    private var nodes = [Node()]

    package init() {}

    /// All of them, or the first two of which none could ever be told from the other.
    package init(_ all: some Sequence<(Verb, PathTemplate, Payload)>) throws(RouteClash) {
        for (verb, path, payload) in all { try add(verb, path, payload) }
    }

    package mutating func add(_ verb: Verb, _ path: PathTemplate, _ payload: Payload) throws(RouteClash) {
        var place = 0
        var names: [String] = []
        for segment in path.segments {
            switch segment {
            case .literal(let text): place = child(of: place, literal: text)
            case .parameter(let name):
                names.append(name)
                place = childForParameter(of: place)
            }
        }
        if let other = nodes[place].entries[verb] { throw RouteClash(verb: verb, path: path, other: other.declared) }
        nodes[place].entries[verb] = Entry(declared: path, names: names, payload: payload)
    }

    /// `HEAD` is answered where `GET` is; the server leaves its body out.
    package func match(_ method: Method, _ path: String) -> Match {
        var search = Search(verb: Verb(rawValue: method == .head ? "GET" : method.rawValue))
        let rest = path.utf8[...].drop { $0 == Self.slash }
        if let entry = find(rest, from: 0, &search) {
            return .found(entry.payload, zip(entry.names, search.values).map { ($0, String(Substring($1))) })
        }
        let allowed = search.allowed
        return allowed.isEmpty ? .unknown : .wrongMethod(allowed: allowed.sorted { $0.rawValue < $1.rawValue })
    }

    /// What is looked for, and what was met on the way.
    private struct Search {
        let verb: Verb?
        var values: [Substring.UTF8View] = []
        var allowed: Set<Verb> = []
    }

    private static var slash: UInt8 { UInt8(ascii: "/") }

    /// - Parameter path: what is left of it, without slashes before it.
    private func find(_ path: Substring.UTF8View, from place: Int, _ search: inout Search) -> Entry? {
        guard !path.isEmpty else {
            if let verb = search.verb, let entry = nodes[place].entries[verb] { return entry }
            search.allowed.formUnion(nodes[place].entries.keys)
            return nil
        }
        let segment = path.prefix { $0 != Self.slash }
        let rest = path[segment.endIndex...].drop { $0 == Self.slash }
        if !nodes[place].literals.isEmpty, let next = nodes[place].literals[String(Substring(segment))] {
            let known = search.allowed.count
            if let found = find(rest, from: next, &search) { return found }
            // What is named outright is that thing: the wrong method for it is not a right one for a namesake.
            if search.allowed.count > known { return nil }
        }
        guard let next = nodes[place].parameter else { return nil }
        search.values.append(segment)
        if let found = find(rest, from: next, &search) { return found }
        search.values.removeLast()
        return nil
    }

    private mutating func child(of place: Int, literal: String) -> Int {
        if let known = nodes[place].literals[literal] { return known }
        nodes.append(Node())
        nodes[place].literals[literal] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func childForParameter(of place: Int) -> Int {
        if let known = nodes[place].parameter { return known }
        nodes.append(Node())
        nodes[place].parameter = nodes.count - 1
        return nodes.count - 1
    }
}

/// Two declarations that answer the same requests.
package struct RouteClash: Error, Equatable, CustomStringConvertible {
    package let verb: Verb
    package let path: PathTemplate
    package let other: PathTemplate

    package var description: String { "\(verb.rawValue) \(path) and \(other) are the same route" }
}
