/// Under which names the gateway answers (`ALLOWED_HOSTS`): exact names, `.example.com` for a domain with all below it,
/// `*` for any. Links in answers are made from the `Host`, so a made-up one must not get in.
package struct HostPolicy: Sendable {
    /// Names in lower case; those of `suffixes` begin with a dot.
    private let exact: [[UInt8]]
    private let suffixes: [[UInt8]]
    private let allowsAny: Bool

    package init(_ hosts: [String]) {
        let names = hosts.map { Array($0.lowercased().utf8) }
        let dot = UInt8(ascii: ".")
        allowsAny = hosts.contains("*")
        suffixes = names.filter { $0.first == dot }
        exact = names.filter { $0.first != dot } + suffixes.map { Array($0.dropFirst()) }
    }

    /// - Parameter host: the `Host` field, with or without its port.
    package func allows(_ host: String) -> Bool { allows(host.utf8.span) }

    package func allows(_ bytes: Span<UInt8>) -> Bool {
        if allowsAny { return true }
        let name = HostPolicy.name(in: bytes)
        return exact.contains { HostPolicy.isEqual($0, bytes, name) }
            || suffixes.contains { suffix in
                name.count >= suffix.count
                    && HostPolicy.isEqual(suffix, bytes, name.upperBound - suffix.count..<name.upperBound)
            }
    }

    /// Without the port, and without the dot a full name may end with.
    private static func name(in bytes: Span<UInt8>) -> Range<Int> {
        var end = 0
        let isAddress = !bytes.isEmpty && bytes[0] == UInt8(ascii: "[")
        while end < bytes.count, bytes[end] != (isAddress ? UInt8(ascii: "]") : UInt8(ascii: ":")) { end += 1 }
        if isAddress, end < bytes.count { end += 1 }
        if end > 0, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return 0..<end
    }

    /// Without regard to ASCII case.
    private static func isEqual(_ name: [UInt8], _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard name.count == range.count else { return false }
        for (offset, wanted) in name.enumerated() {
            let byte = bytes[range.lowerBound + offset]
            if wanted != byte, wanted != byte | 0x20 || !(0x41...0x5A).contains(byte) { return false }
        }
        return true
    }
}
