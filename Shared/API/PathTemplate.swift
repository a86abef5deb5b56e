/// A path as declared: `/api/patients/{id}`. Served with and without a trailing slash. A parameter is a whole segment,
/// or stands between a literal beginning and end of one: `/api/calendar/{token}.ics`.
package struct PathTemplate: Sendable, Hashable, CustomStringConvertible {
    /// One part between slashes.
    package enum Segment: Sendable, Hashable {
        case literal(String)
        case parameter(String, prefix: String = "", suffix: String = "")
    }

    package let segments: [Segment]

    package init(_ text: String) {
        let segments = Self.segments(text)
        precondition(segments != nil, "no path template: \(text)")
        self.segments = segments ?? []
    }

    /// Nil when a segment has an open brace, a parameter without a name or more than one, or when two parameters share
    /// a name.
    package static func segments(_ text: String) -> [Segment]? {
        let segments = text.split(separator: "/").map(segment)
        let names = segments.compactMap { if case .parameter(let name, _, _)? = $0 { name } else { nil } }
        guard Set(names).count == names.count, !segments.contains(nil) else { return nil }
        return segments.compactMap(\.self)
    }

    private static func segment(_ part: Substring) -> Segment? {
        guard part.contains(where: { $0 == "{" || $0 == "}" }) else { return .literal(String(part)) }
        let opened = part.split(separator: "{", omittingEmptySubsequences: false)
        guard opened.count == 2 else { return nil }
        let closed = opened[1].split(separator: "}", omittingEmptySubsequences: false)
        guard closed.count == 2, !closed[0].isEmpty, !opened[0].contains("}") else { return nil }
        return .parameter(String(closed[0]), prefix: String(opened[0]), suffix: String(closed[1]))
    }

    package var description: String {
        path { name, _ in "{\(name)}" }
    }

    /// What stands at the parameters in a path of this template, in order.
    package func parameters(in path: String) -> [(name: String, value: String)] {
        zip(segments, path.split(separator: "/")).compactMap { segment, value in
            guard case .parameter(let name, let prefix, let suffix) = segment else { return nil }
            if prefix.isEmpty, suffix.isEmpty { return (name, String(value)) }
            let bytes = value.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
            return (name, String(decoding: bytes, as: UTF8.self))
        }
    }

    /// The path with its parameters filled in, in order; they must be safe as they are (ids).
    package func filled(_ values: [String]) -> String {
        path { _, index in index < values.count ? values[index] : "" }
    }

    /// The path with `value` at each parameter, by its name and number.
    private func path(_ value: (String, Int) -> String) -> String {
        var count = 0
        let parts = segments.map { segment in
            switch segment {
            case .literal(let text): return text
            case .parameter(let name, let prefix, let suffix):
                defer { count += 1 }
                return prefix + value(name, count) + suffix
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}
