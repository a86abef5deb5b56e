package import API
package import HTTP

/// Finds what stands at a path: a trie of segments in which a literal is preferred to a parameter. Paths are served with
/// and without a trailing slash. Services look for handlers with it, the gateway for owners.
package struct Router<Payload: Sendable>: Sendable {
    package enum Match: Sendable {
        /// What stands there, and the template that says which segments are parameters.
        case found(Payload, PathTemplate)
        /// The path is there, but not for this method: what it is there for.
        case wrongMethod(allowed: [Verb])
        case unknown
    }

    private struct Entry: Sendable {
        let declared: PathTemplate
        let payload: Payload
    }

    private struct Node: Sendable {
        var literals: [(text: [UInt8], child: Int)] = []
        var parameter: Int?
        /// By the verb's place among all.
        var entries: [Entry?] = Array(repeating: nil, count: Verb.allCases.count)

        var verbs: VerbSet {
            var verbs = VerbSet()
            for verb in Verb.allCases where entries[verb.place] != nil { verbs.insert(verb) }
            return verbs
        }
    }

    private var nodes = [Node()]

    package init() {}

    /// All of them, or the first two of which none could ever be told from the other.
    package init(_ all: some Sequence<(Verb, PathTemplate, Payload)>) throws(RouteClash) {
        for (verb, path, payload) in all { try add(verb, path, payload) }
    }

    package mutating func add(_ verb: Verb, _ path: PathTemplate, _ payload: Payload) throws(RouteClash) {
        var place = 0
        for segment in path.segments {
            switch segment {
            case .literal(let text): place = child(of: place, literal: Array(text.utf8))
            case .parameter: place = childForParameter(of: place)
            }
        }
        if let other = nodes[place].entries[verb.place] {
            throw RouteClash(verb: verb, path: path, other: other.declared)
        }
        nodes[place].entries[verb.place] = Entry(declared: path, payload: payload)
    }

    /// `HEAD` is answered where `GET` is; the server leaves its body out.
    package func match(_ method: Method, _ path: String) -> Match {
        var search = Search(verb: Verb(method))
        let bytes = path.utf8.span
        if let place = find(bytes, Self.afterSlashes(bytes, 0), from: 0, &search), let verb = search.verb,
            let entry = nodes[place].entries[verb.place]
        {
            return .found(entry.payload, entry.declared)
        }
        return search.allowed.isEmpty ? .unknown : .wrongMethod(allowed: search.allowed.sorted)
    }

    /// What is looked for, and what was met on the way.
    private struct Search {
        let verb: Verb?
        var allowed = VerbSet()
    }

    private static func afterSlashes(_ path: Span<UInt8>, _ start: Int) -> Int {
        var place = start
        while place < path.count, path[place] == UInt8(ascii: "/") { place &+= 1 }
        return place
    }

    /// The node that has the verb.
    /// - Parameter start: where what is left of the path begins, behind its slashes.
    private func find(_ path: Span<UInt8>, _ start: Int, from place: Int, _ search: inout Search) -> Int? {
        guard start < path.count else {
            if let verb = search.verb, nodes[place].entries[verb.place] != nil { return place }
            search.allowed.formUnion(nodes[place].verbs)
            return nil
        }
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end &+= 1 }
        let rest = Self.afterSlashes(path, end)
        if let next = literal(path, start..<end, of: place) {
            let known = search.allowed
            if let found = find(path, rest, from: next, &search) { return found }
            // What is named outright is that thing: the wrong method for it is not a right one for a namesake.
            if search.allowed != known { return nil }
        }
        guard let next = nodes[place].parameter else { return nil }
        return find(path, rest, from: next, &search)
    }

    private func literal(_ path: Span<UInt8>, _ segment: Range<Int>, of place: Int) -> Int? {
        for known in nodes[place].literals where known.text.count == segment.count {
            if Self.isEqual(path, segment.lowerBound, known.text.span) { return known.child }
        }
        return nil
    }

    private static func isEqual(_ path: Span<UInt8>, _ start: Int, _ text: Span<UInt8>) -> Bool {
        for offset in text.indices where path[start &+ offset] != text[offset] { return false }
        return true
    }

    private mutating func child(of place: Int, literal: [UInt8]) -> Int {
        if let known = nodes[place].literals.first(where: { $0.text == literal }) { return known.child }
        nodes.append(Node())
        nodes[place].literals.append((literal, nodes.count - 1))
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
