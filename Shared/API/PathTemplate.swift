/// A path as declared: `/api/patients/{id}`. Served with and without a trailing slash.
package struct PathTemplate: Sendable, Hashable, CustomStringConvertible {
    /// What stands between two slashes.
    package enum Segment: Sendable, Hashable {
        case literal(String)
        case parameter(String)
    }

    package let segments: [Segment]

    package init(_ text: String) {
        segments = text.split(separator: "/").map { part in
            part.hasPrefix("{") && part.hasSuffix("}")
                ? .parameter(String(part.dropFirst().dropLast())) : .literal(String(part))
        }
    }

    package var description: String {
        "/"
            + segments.map { segment in
                switch segment {
                case .literal(let text): text
                case .parameter(let name): "{\(name)}"
                }
            }.joined(separator: "/")
    }

    /// What stands at the parameters in a path of this template, in order.
    package func parameters(in path: String) -> [(name: String, value: String)] {
        zip(segments, path.split(separator: "/")).compactMap { segment, value in
            guard case .parameter(let name) = segment else { return nil }
            return (name, String(value))
        }
    }

    /// The path with its parameters filled in, in order; they must be safe as they are (ids).
    package func filled(_ values: [String]) -> String {
        var rest = values[...]
        return "/"
            + segments.map { segment in
                switch segment {
                case .literal(let text): text
                case .parameter: rest.popFirst() ?? ""
                }
            }.joined(separator: "/")
    }
}
