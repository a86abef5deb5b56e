/// The media types we write, and how a client says which one it wants (RFC 9110 §12.5.1).
package enum MediaType {
    package static let problem = "application/problem+json; charset=utf-8"

    package static func json(_ profile: Profile) -> String {
        profile == .plain ? "application/json; charset=utf-8; profile=plain" : "application/json; charset=utf-8"
    }

    /// The profile an `Accept` asks for; nil when it takes no JSON at all. No `Accept`, or an empty one, takes
    /// anything.
    package static func profile(accepting accept: String?) -> Profile? {
        // What most clients say is known without reading it.
        guard let accept, !accept.isEmpty, accept != "*/*", accept != "application/json" else { return .enveloped }
        let ranges = accept.split(separator: ",").compactMap { Range($0) }
        if ranges.isEmpty { return .enveloped }
        // The most specific range that speaks of a type decides whether it is taken.
        let problem = ranges.first { $0.type == "application/problem+json" }
        let json = ranges.filter { $0.type == "application/json" }.max { $0.quality < $1.quality }
        let general = ranges.first { $0.type == "application/*" } ?? ranges.first { $0.type == "*/*" }
        if let json, json.quality > 0 {
            if json.isPlain { return .plain }
            return problem.map { $0.quality > 0 } == true ? .problem : .enveloped
        }
        if let problem, problem.quality > 0 { return .problem }
        if json == nil, let general, general.quality > 0 { return .enveloped }
        return nil
    }

    /// Whether a body of this `Content-Type` is JSON as we read it: `application/json`, and for a patch RFC 7396's
    /// type.
    package static func isJSON(_ contentType: String, patch: Bool) -> Bool {
        guard let range = Range(Substring(contentType)) else { return false }
        guard range.type == "application/json" || (patch && range.type == "application/merge-patch+json") else {
            return false
        }
        return range.charset.map { $0 == "utf-8" || $0 == "us-ascii" } ?? true
    }

    /// `type/subtype; name=value; q=0.5`, in lower case.
    private struct Range {
        let type: String
        var isPlain = false
        var charset: String?
        var quality = 1.0

        init?(_ text: Substring) {
            let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
            guard let type = parts.first, type.contains("/") else { return nil }
            self.type = type
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1).map { Self.trimmed($0) }
                guard pair.count == 2 else { continue }
                let value = pair[1].hasPrefix("\"") ? String(pair[1].dropFirst().dropLast()) : pair[1]
                switch pair[0] {
                case "profile": isPlain = value == "plain"
                case "charset": charset = value
                case "q": quality = Double(value).map { min(max($0, 0), 1) } ?? 1
                default: continue
                }
            }
        }

        private static func trimmed(_ text: Substring) -> String {
            var rest = text
            while let first = rest.utf8.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
            while let last = rest.utf8.last, last == 0x20 || last == 0x09 { rest.removeLast() }
            return rest.lowercased()
        }
        private static func trimmed(_ text: String) -> String { trimmed(Substring(text)) }
    }
}
