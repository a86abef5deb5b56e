package import Kernel

/// An absolute URL taken apart as far as settings need it (RFC 3986 generic syntax). Host in lower case, brackets of
/// IPv6 removed.
package struct SettingURL: Sendable, Equatable {
    package let scheme: String
    package let user: String?
    package let password: Secret?
    package let host: String
    package let port: Int?
    /// With its leading slash, still percent-encoded; empty when there is none.
    package let path: String
    package let query: [String: String]

    package init?(_ text: String) {
        guard let mark = text.firstRange(of: "://"), !text.unicodeScalars.contains(where: Self.isBlank) else {
            return nil
        }
        scheme = text[..<mark.lowerBound].lowercased()
        guard let initial = scheme.utf8.first, (97...122).contains(initial) else { return nil }
        let (beforeQuery, queryText) = Self.split(text[mark.upperBound...].prefix { $0 != "#" }, at: "?")
        let slash = beforeQuery.firstIndex(of: "/") ?? beforeQuery.endIndex
        path = String(beforeQuery[slash...])
        // The last `@` ends the user information: passwords pasted unencoded may hold one.
        let authority = beforeQuery[..<slash]
        let at = authority.lastIndex(of: "@")
        let endpoint = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard let (host, port) = Self.hostAndPort(endpoint), let query = Self.pairs(queryText ?? "") else { return nil }
        self.host = host
        self.port = port
        self.query = query
        let (name, word) = at.map { Self.split(authority[..<$0], at: ":") } ?? (nil, nil)
        user = name.flatMap { Self.decoded($0) }
        password = word.flatMap { Self.decoded($0) }.map { Secret($0) }
        guard (user == nil) == (name == nil), (password == nil) == (word == nil) else { return nil }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.value <= 0x20 || scalar == "\u{7F}" }

    private static func pairs(_ text: Substring) -> [String: String]? {
        var result: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let (key, value) = split(pair, at: "=")
            guard let key = decoded(key), let value = decoded(value ?? "") else { return nil }
            result[key] = value
        }
        return result
    }

    private static func hostAndPort(_ text: Substring) -> (String, Int?)? {
        var rest = text
        let host: Substring
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        } else {
            host = text.prefix { $0 != ":" }
            rest = text[host.endIndex...]
        }
        guard let name = decoded(host)?.lowercased() else { return nil }
        if rest.isEmpty { return (name, nil) }
        guard rest.removeFirst() == ":", let port = UInt16(rest) else { return nil }
        return (name, Int(port))
    }

    private static func split(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
        guard let index = text.firstIndex(of: mark) else { return (text, nil) }
        return (text[..<index], text[text.index(after: index)...])
    }

    /// Percent-decoded UTF-8; nil for a broken escape.
    static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension SettingURL {
    /// Whether it leads to this machine.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 46 || (48...57).contains($0) }
    }

    /// Whether secrets and personal data may be sent there: over https, or in the clear to this machine alone; with no
    /// login in the address, which would be shown with it.
    package var isFitForSecrets: Bool { user == nil && (scheme == "https" || scheme == "http" && isLoopback) }
}
