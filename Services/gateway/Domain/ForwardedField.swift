import Kernel

/// Reads what proxies write of those they passed a request on for, nearest last.
enum ForwardedField {
    /// The hops of `X-Forwarded-For`: blanks, and `unknown` where a proxy did not say, are no hops.
    static func hops(_ values: [String]) -> [Substring] {
        values.flatMap { $0.split(separator: ",") }.map(trimmed).filter { !$0.isEmpty && $0.lowercased() != "unknown" }
    }

    /// The `for` parameters of `Forwarded` (RFC 7239 §4, §6), without their quotes. Names that stand in for an address
    /// (`unknown`, `_hidden`) are no hops.
    static func clients(_ values: [String]) -> [Substring] {
        values.flatMap { $0.split(separator: ",") }.compactMap { element in
            for pair in element.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, trimmed(parts[0]).lowercased() == "for" else { continue }
                let node = trimmed(parts[1]).filter { $0 != "\"" }[...]
                return node.lowercased() == "unknown" || node.hasPrefix("_") ? nil : node
            }
            return nil
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}

extension NetworkAddress {
    /// As proxies write it: `address`, `address:port`, `[v6]`, `[v6]:port`.
    init?(hop: Substring) {
        if hop.hasPrefix("[") {
            guard let end = hop.firstIndex(of: "]") else { return nil }
            let rest = hop[hop.index(after: end)...]
            guard rest.isEmpty || Self.isPort(rest), hop[..<end].contains(":") else { return nil }
            self.init(hop[hop.index(after: hop.startIndex)..<end])
        } else if let colon = hop.firstIndex(of: ":"), hop[hop.index(after: colon)...].firstIndex(of: ":") == nil {
            // One colon alone is no IPv6 address.
            guard Self.isPort(hop[colon...]) else { return nil }
            self.init(hop[..<colon])
        } else {
            self.init(hop)
        }
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && text.dropFirst().utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
            && UInt16(text.dropFirst()) != nil
    }
}
