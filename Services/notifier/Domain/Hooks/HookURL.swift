package import Kernel

/// Where a hook's events are posted, in one normal form: what was checked is what is asked for later, letter by letter.
package struct HookURL: Sendable, Equatable {
    /// Bytes of the longest one.
    package static let limit = 2048

    /// Scheme, host (as A-labels) and port as they were given, path and query with what is not ASCII percent-encoded.
    package let text: String
    package let isSecure: Bool
    /// An A-label name in lower case, or an address without brackets.
    package let host: String
    package let port: UInt16
    /// What the host is, where it is no name.
    package let address: NetworkAddress?

    /// - Parameters:
    ///   - allowsPrivate: lifts the rules on scheme, address and port.
    ///   - ascii: a name beyond ASCII as A-labels (UTS #46); nil for what no host can be named.
    package init(
        _ text: String, allowsPrivate: Bool, ascii: (String) -> String?
    ) throws(HookURLFault) {
        let parts = try HookURLParts(text)
        guard parts.scheme == "https" || (allowsPrivate && parts.scheme == "http") else { throw .scheme }
        let written = try parts.port
        let port = written ?? (parts.scheme == "https" ? 443 : 80)
        guard allowsPrivate || port == 443 || port >= 1024 else { throw .port }
        let host = try HookHost(parts.host, ascii: ascii)
        guard allowsPrivate || host.isPublic else { throw .privateAddress }
        let authority = host.written + (written == nil ? "" : ":\(port)")
        let whole = "\(parts.scheme)://\(authority)\(parts.rest)"
        guard whole.utf8.count <= Self.limit else { throw .tooLong }
        self.text = whole
        self.isSecure = parts.scheme == "https"
        self.host = host.text
        self.port = port
        self.address = host.address
    }
}

/// Why an address is not taken, in words for whoever gave it.
package enum HookURLFault: String, Error, Sendable, CaseIterable {
    case malformed = "Enter a whole address, as https://example.org/events."
    case tooLong = "Ensure this field has no more than 2048 characters."
    case scheme = "Must begin with https://."
    case userInfo = "May not hold a user name or password."
    case fragment = "May not have a fragment (#)."
    case port = "The port must be 443, or 1024 or above."
    case host = "No host can be named so."
    case privateAddress = "Leads to this machine or to a private network."
}
