package import API

/// Where a list goes on and where it came from: the request's own address with another `page` or `cursor`.
package struct PageLinks: Sendable, Equatable {
    package let first: String?
    package let previous: String?
    package let next: String?

    /// - Parameters:
    ///   - origin: `https://host` as the client called it.
    ///   - target: path and query as the client sent them.
    package init(_ frame: ListFrame, origin: String, target: String) {
        let address = Address(origin: origin, target: target)
        guard let page = frame.page else {
            first = nil
            previous = nil
            next = frame.nextCursor.map { address.with("cursor", $0, without: "page") }
            return
        }
        let (seen, overflow) = page.multipliedReportingOverflow(by: frame.size)
        // What is not counted says by a cursor whether it goes on.
        let hasMore = frame.total.map { seen < $0 } ?? (frame.nextCursor != nil)
        first = address.with("page", "1", without: "cursor")
        previous = page > 1 ? address.with("page", String(page - 1), without: "cursor") : nil
        next = !overflow && hasMore ? address.with("page", String(page + 1), without: "cursor") : nil
    }

    /// Bytes of the longest `Link`: it repeats the target up to three times, and clients refuse long heads.
    static let longestHeader = 4_096

    /// RFC 8288; nil when there is nowhere to go, or the target is too long to be repeated.
    package var header: String? {
        let links = [("first", first), ("prev", previous), ("next", next)].compactMap { relation, address in
            address.map { "<\($0)>; rel=\"\(relation)\"" }
        }
        let header = links.joined(separator: ", ")
        return links.isEmpty || header.utf8.count > Self.longestHeader ? nil : header
    }
}

private struct Address {
    let base: String
    let pairs: [Substring]

    init(origin: String, target: String) {
        let safe = Self.safe(target)
        let question = safe.firstIndex(of: "?")
        base = origin + safe[..<(question ?? safe.endIndex)]
        pairs = question.map { safe[safe.index(after: $0)...].split(separator: "&") } ?? []
    }

    /// The parameter stands where it stood, or last.
    func with(_ name: String, _ value: String, without dropped: String) -> String {
        let given = "\(name)=\(Self.encoded(value))"
        var isPlaced = false
        var kept: [String] = []
        for pair in pairs {
            switch pair.prefix(while: { $0 != "=" }) {
            case name[...]:
                if !isPlaced { kept.append(given) }
                isPlaced = true
            case dropped[...]: continue
            default: kept.append(String(pair))
            }
        }
        if !isPlaced { kept.append(given) }
        return base + "?" + kept.joined(separator: "&")
    }

    /// What may not stand inside `<…>` of a `Link` is percent-encoded; all else stays as the client wrote it.
    private static func safe(_ target: String) -> String {
        let isClean = target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3C && $0 != 0x3E }
        return isClean ? target : escaped(target) { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3C && $0 != 0x3E }
    }

    private static func encoded(_ value: String) -> String {
        escaped(value) { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: true
            default: false
            }
        }
    }

    private static func escaped(_ text: String, unless isSafe: (UInt8) -> Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isSafe(byte) {
                bytes.append(byte)
            } else {
                bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
