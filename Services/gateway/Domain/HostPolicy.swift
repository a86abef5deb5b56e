/// Under which names the gateway answers (`ALLOWED_HOSTS`): exact names, `.example.com` for a domain with all below it,
/// `*` for any. Links in answers are made from the `Host`, so a made-up one must not get in.
package struct HostPolicy: Sendable {
    private let exact: Set<String>
    private let suffixes: [String]
    private let allowsAny: Bool

    package init(_ hosts: [String]) {
        let names = hosts.map { $0.lowercased() }
        allowsAny = names.contains("*")
        exact = Set(
            names.filter { !$0.hasPrefix(".") } + names.filter { $0.hasPrefix(".") }.map { String($0.dropFirst()) })
        suffixes = names.filter { $0.hasPrefix(".") }
    }

    /// - Parameter host: the `Host` field, with or without its port.
    package func allows(_ host: String) -> Bool {
        if allowsAny { return true }
        let name = HostPolicy.name(of: host)
        return exact.contains(name) || suffixes.contains { name.hasSuffix($0) }
    }

    private static func name(of host: String) -> String {
        let bytes = host.utf8
        var bare = bytes[...]
        if bytes.first == UInt8(ascii: "["), let end = bytes.firstIndex(of: UInt8(ascii: "]")) {
            bare = bytes[...end]
        } else {
            bare = bytes.prefix { $0 != UInt8(ascii: ":") }
        }
        if bare.last == UInt8(ascii: ".") { bare.removeLast() }
        let isLower = bare.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) }
        let name = String(Substring(bare))
        return isLower ? name : name.lowercased()
    }
}
