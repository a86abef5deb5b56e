package import Kernel
package import Net

/// Where Redis is and how long it may take.
package struct RedisSettings: Sendable {
    /// Where Redis listens.
    package enum Address: Sendable, Equatable, CustomStringConvertible {
        case unix(path: String)
        case host(String, port: UInt16)

        package var description: String {
            switch self {
            case .unix(let path): path
            case .host(let name, let port): "\(name):\(port)"
            }
        }
    }

    package var address: Address
    /// Set for `rediss://`: who may vouch for the server.
    package var tls: TLSContext?
    package var user: String?
    package var password: Secret?
    package var database: Int
    /// Connecting, logging in and the first answer together.
    package var connectTimeout: Duration
    /// One command; blocking ones bring their own.
    package var timeout: Duration

    package init(
        address: Address, tls: TLSContext? = nil, user: String? = nil, password: Secret? = nil, database: Int = 0,
        connectTimeout: Duration = .milliseconds(500), timeout: Duration = .milliseconds(250)
    ) {
        self.address = address
        self.tls = tls
        self.user = user
        self.password = password
        self.database = database
        self.connectTimeout = connectTimeout
        self.timeout = timeout
    }

    /// Reads `redis://[[user]:password@]host[:port][/database]`, `rediss://…` (TLS, needs `tls`) and
    /// `unix:/path[?db=n]`; nil for anything else.
    package init?(_ url: Secret, tls: TLSContext? = nil) {
        let text = url.expose()
        if text.hasPrefix("unix:") {
            self.init(unix: text.dropFirst(text.hasPrefix("unix://") ? 7 : 5))
        } else if text.hasPrefix("redis://") {
            self.init(authority: text.dropFirst(8), tls: nil)
        } else if text.hasPrefix("rediss://"), let tls {
            self.init(authority: text.dropFirst(9), tls: tls)
        } else {
            return nil
        }
    }

    private init?(unix text: Substring) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.first == "/" else { return nil }
        self.init(address: .unix(path: String(path)))
        guard parts.count == 2 else { return }
        guard parts[1].hasPrefix("db="), let number = Int(parts[1].dropFirst(3)), number >= 0 else { return nil }
        database = number
    }

    private init?(authority text: Substring, tls: TLSContext?) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let authority = parts.first else { return nil }
        let address = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard let (host, port) = Self.hostAndPort(address) else { return nil }
        self.init(address: .host(host, port: port), tls: tls)
        if let at = authority.lastIndex(of: "@") {
            let login = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard login.count == 2, let name = Self.decoded(login[0]), let word = Self.decoded(login[1]) else {
                return nil
            }
            user = name.isEmpty ? nil : name
            password = Secret(word)
        }
        if parts.count == 2, !parts[1].isEmpty {
            guard let number = Int(parts[1]), number >= 0 else { return nil }
            database = number
        }
    }

    private static func hostAndPort(_ text: Substring) -> (String, UInt16)? {
        var host = text
        var port: UInt16 = 6379
        if let colon = text.lastIndex(of: ":"), text[colon...].contains("]") == false {
            guard let number = UInt16(text[text.index(after: colon)...]) else { return nil }
            host = text[..<colon]
            port = number
        }
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        return host.isEmpty ? nil : (String(host), port)
    }

    /// Percent-decoding, for passwords with signs in them.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
