import API
package import HTTP

/// The paths of a router as a trie of segments in which a literal is preferred to a parameter, and a parameter with a
/// literal beginning or end to one that is the whole segment; what stands at one is a number. Not generic over what
/// that stands for, since a generic of another module is called through tables: this is searched at every request.
/// Plain numbers and bytes once each, so that a search touches no memory that has to be counted.
package struct RouteTree: Sendable {
    /// One literal segment: its bytes among all texts, what follows it, and its next sibling (-1 for none).
    private struct Literal: Sendable {
        let start: Int
        let count: Int
        let child: Int
        let next: Int
    }

    /// A parameter between a literal beginning and end, of which one may be empty: where they stand among all texts,
    /// what follows it, its next sibling (-1 for none), and the first entry that has it.
    private struct Affixed: Sendable {
        let prefix: Range<Int>
        let suffix: Range<Int>
        let child: Int
        let next: Int
        let entry: Int
    }

    private struct Node: Sendable {
        var firstLiteral = -1
        var firstAffixed = -1
        var parameter = -1
        var verbs = VerbSet()
    }

    private static let verbs = Verb.allCases.count

    private var nodes = [Node()]
    /// By node and verb: what stands there, -1 for nothing.
    private var entries = Array(repeating: -1, count: Self.verbs)
    private var literals: [Literal] = []
    private var affixed: [Affixed] = []
    private var texts: [UInt8] = []

    /// Puts `entry` there, or says which entry answers the same requests: it stands there already, or a segment could
    /// be a parameter of either.
    mutating func add(_ verb: Verb, _ path: PathTemplate, _ entry: Int) -> Int? {
        var node = 0
        for segment in path.segments {
            switch segment {
            case .literal(let text): node = child(of: node, literal: Array(text.utf8))
            case .parameter(_, "", ""): node = childForParameter(of: node)
            case .parameter(_, let prefix, let suffix):
                let (prefix, suffix) = (Array(prefix.utf8), Array(suffix.utf8))
                switch known(prefix, suffix, of: node) {
                case .rival(let other): return other
                case .same(let child): node = child
                case nil: node = newChild(of: node, prefix, suffix, entry)
                }
            }
        }
        let index = node * Self.verbs + verb.index
        if entries[index] >= 0 { return entries[index] }
        entries[index] = entry
        nodes[node].verbs.insert(verb)
        return nil
    }

    /// What stands at the path, decoded, for the method; `HEAD` is answered where `GET` is.
    package func entry(_ method: Method, _ path: Span<UInt8>) -> Int? {
        var allowed = VerbSet()
        return entry(method, path, &allowed)
    }

    /// The same; what the path is there for otherwise is gathered in `allowed`.
    func entry(_ method: Method, _ path: Span<UInt8>, _ allowed: inout VerbSet) -> Int? {
        let found = find(Verb(method)?.index ?? -1, path, Self.afterSlashes(path, 0), from: 0, &allowed)
        return found >= 0 ? found : nil
    }

    private static func afterSlashes(_ path: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < path.count, path[index] == UInt8(ascii: "/") { index &+= 1 }
        return index
    }

    /// The entry for the verb; -1 for none.
    /// - Parameter start: where what is left of the path begins, behind its slashes.
    private func find(
        _ verb: Int, _ path: Span<UInt8>, _ start: Int, from node: Int, _ allowed: inout VerbSet
    ) -> Int {
        guard start < path.count else {
            let entry = verb < 0 ? -1 : entries[node &* Self.verbs &+ verb]
            if entry < 0 { allowed.formUnion(nodes[node].verbs) }
            return entry
        }
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end &+= 1 }
        let rest = Self.afterSlashes(path, end)
        let next = literal(path, start..<end, of: node)
        if next >= 0 {
            let known = allowed
            let found = find(verb, path, rest, from: next, &allowed)
            // What is named outright is that thing: the wrong method for it is not a right one for a namesake.
            if found >= 0 || allowed != known { return found }
        }
        let between = between(path, start..<end, of: node)
        if between >= 0 {
            let known = allowed
            let found = find(verb, path, rest, from: between, &allowed)
            if found >= 0 || allowed != known { return found }
        }
        let parameter = nodes[node].parameter
        return parameter < 0 ? -1 : find(verb, path, rest, from: parameter, &allowed)
    }

    /// What follows the parameter whose beginning and end the segment has, with at least a byte between them; -1 for
    /// none.
    private func between(_ path: Span<UInt8>, _ segment: Range<Int>, of node: Int) -> Int {
        var next = nodes[node].firstAffixed
        while next >= 0 {
            let known = affixed[next]
            let (prefix, suffix) = (known.prefix, known.suffix)
            if segment.count > prefix.count &+ suffix.count, isEqual(path, segment.lowerBound, prefix),
                isEqual(path, segment.upperBound &- suffix.count, suffix)
            {
                return known.child
            }
            next = known.next
        }
        return -1
    }

    private func literal(_ path: Span<UInt8>, _ segment: Range<Int>, of node: Int) -> Int {
        var next = nodes[node].firstLiteral
        while next >= 0 {
            let known = literals[next]
            let text = known.start..<known.start &+ known.count
            if known.count == segment.count, isEqual(path, segment.lowerBound, text) { return known.child }
            next = known.next
        }
        return -1
    }

    private func isEqual(_ path: Span<UInt8>, _ start: Int, _ text: Range<Int>) -> Bool {
        for offset in 0..<text.count where path[start &+ offset] != texts[text.lowerBound &+ offset] { return false }
        return true
    }

    private mutating func child(of node: Int, literal text: [UInt8]) -> Int {
        let known = literal(text.span, 0..<text.count, of: node)
        if known >= 0 { return known }
        literals.append(
            Literal(start: texts.count, count: text.count, child: nodes.count, next: nodes[node].firstLiteral))
        texts += text
        nodes[node].firstLiteral = literals.count - 1
        return newNode()
    }

    private mutating func childForParameter(of node: Int) -> Int {
        if nodes[node].parameter >= 0 { return nodes[node].parameter }
        nodes[node].parameter = nodes.count
        return newNode()
    }

    private enum Known {
        case same(child: Int)
        case rival(entry: Int)
    }

    /// The parameter with this beginning and end, or one of which some segment could be a value as well.
    private func known(_ prefix: [UInt8], _ suffix: [UInt8], of node: Int) -> Known? {
        var next = nodes[node].firstAffixed
        while next >= 0 {
            let known = affixed[next]
            let (other, end) = (texts[known.prefix], texts[known.suffix])
            if other.elementsEqual(prefix), end.elementsEqual(suffix) { return .same(child: known.child) }
            if prefix.starts(with: other) || other.starts(with: prefix),
                suffix.reversed().starts(with: end.reversed()) || end.reversed().starts(with: suffix.reversed())
            {
                return .rival(entry: known.entry)
            }
            next = known.next
        }
        return nil
    }

    private mutating func newChild(of node: Int, _ prefix: [UInt8], _ suffix: [UInt8], _ entry: Int) -> Int {
        let (start, middle) = (texts.count, texts.count + prefix.count)
        texts += prefix + suffix
        affixed.append(
            Affixed(
                prefix: start..<middle, suffix: middle..<texts.count, child: nodes.count,
                next: nodes[node].firstAffixed, entry: entry))
        nodes[node].firstAffixed = affixed.count - 1
        return newNode()
    }

    private mutating func newNode() -> Int {
        nodes.append(Node())
        entries += Array(repeating: -1, count: Self.verbs)
        return nodes.count - 1
    }
}
