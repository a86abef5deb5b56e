package import Kernel

/// A device as far as it can be recognised without tracking: what it runs, and where in the network it is.
/// Versions and the end of an address change all the time and are left out: a notice that comes every week is read by
/// nobody.
package struct Device: Sendable, Equatable {
    /// As `Firefox on Linux`; for what is no browser, its first word.
    package let family: String
    /// The first half of an IPv4 address (/16), or of an IPv6 routing prefix (/32): the provider, more or less.
    package let network: String

    package init(userAgent: String, address: String) {
        family = Device.family(of: userAgent)
        network = Device.network(of: address)
    }

    /// The two as one text, in which neither can pretend to be the other.
    package var text: String { "\(family)\n\(network)" }

    /// For how long a device is remembered after it was used.
    package static let memory: Duration = .seconds(90 * 86_400)

    /// Whether its owner gets a mail about a login with it.
    /// - Parameters:
    ///   - lastSeen: when the account was last used with it.
    ///   - lastLogin: when the account was last logged in to, with whatever: the first login is its owner's.
    package static func isStrange(lastSeen: Instant?, lastLogin: Instant?, at now: Instant) -> Bool {
        guard lastLogin != nil else { return false }
        return lastSeen.map { now - $0 > memory } ?? true
    }

    // What also calls itself by another's name stands before that other.
    private static let browsers = [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]
    private static let systems = [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
        ("CrOS", "Chrome OS"), ("Macintosh", "Mac"), ("Linux", "Linux"),
    ]

    private static func family(of userAgent: String) -> String {
        func named(in list: [(String, String)]) -> String? { list.first { userAgent.contains($0.0) }?.1 }
        if let browser = named(in: browsers) { return "\(browser) on \(named(in: systems) ?? "something")" }
        let word = userAgent.unicodeScalars.prefix { $0 != "/" && !$0.properties.isWhitespace }
        return word.isEmpty ? "unnamed" : String(String.UnicodeScalarView(word.prefix(40)))
    }

    /// - Parameter address: as the gateway writes it: four numbers, or eight words of hexadecimal digits.
    private static func network(of address: String) -> String {
        let mark: Character = address.contains(":") ? ":" : "."
        return address.split(separator: mark, omittingEmptySubsequences: false).prefix(2)
            .joined(separator: String(mark))
    }
}
