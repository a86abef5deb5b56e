/// The ETag of a single resource: its version, and the profile it was written in (`"v12"`, `"v12-p"`).
package enum EntityTag {
    package static func text(_ version: Int64, _ profile: Profile) -> String {
        profile == .plain ? "\"v\(version)-p\"" : "\"v\(version)\""
    }

    /// `If-Match`, compared strongly (RFC 9110 §13.1.1): a tag of either profile names its version, a weak one none.
    package static func condition(ifMatch: String?) -> Condition {
        guard let ifMatch else { return .none }
        let tags = list(ifMatch)
        if tags.contains("*") { return .anyVersion }
        return .versions(Set(tags.compactMap(version)))
    }

    /// `If-None-Match`, compared weakly: whether the client has this very representation.
    package static func isCurrent(_ tag: String, ifNoneMatch: String?) -> Bool {
        guard let ifNoneMatch else { return false }
        return list(ifNoneMatch).contains { $0 == "*" || $0 == tag || $0 == "W/" + tag }
    }

    private static func list(_ field: String) -> [String] {
        field.split(separator: ",").map { part in
            String(part.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
        }
    }

    private static func version(_ tag: String) -> Int64? {
        guard tag.hasPrefix("\"v"), tag.hasSuffix("\""), tag.utf8.count > 3 else { return nil }
        let inner = tag.dropFirst(2).dropLast()
        return Int64(inner.hasSuffix("-p") ? inner.dropLast(2) : inner)
    }
}
