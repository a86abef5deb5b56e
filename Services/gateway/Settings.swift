package import API
import Chassis
package import GatewayDomain
import Kernel
package import Settings

/// The settings of the gateway, beside those of every service.
package struct GatewaySettings: Sendable {
    package let hosts: HostPolicy
    package let origins: CrossOrigin
    package let clients: ClientAddress
    package let limits: [RateClass: RateLimit]
    package let xssProtection: String
    package let issuer: String
    package let audience: String
    /// How long an access token lives at most: so long a revoked session is remembered.
    package let tokenLifetime: Duration
    /// How long a request may take in all.
    package let timeout: Duration
    /// How long a client's connection may be idle.
    package let keepAlive: Duration
    package let staticFolder: String
    /// Where security reports go, a URI.
    package let securityContact: String
    /// Gateways beside this one, itself included: without Redis each grants its share of a limit.
    package let replicas: Int
    package let isDevelopment: Bool
    /// What HTTPS is spoken with, where the gateway itself does.
    package let certificate: CertificateFiles?

    static let hosts = Setting.list(
        "ALLOWED_HOSTS", default: ["localhost", "127.0.0.1", "[::1]"],
        help: "Host names the gateway answers to; .example.com means all below it, * any")
    static let origins = OriginSource()
    static let proxies = Setting<[NetworkBlock]>(
        "TRUSTED_PROXIES", default: [], shown: "", help: "Addresses or CIDR blocks whose X-Forwarded-For is believed"
    ) { text throws(SettingRefusal) in
        var blocks: [NetworkBlock] = []
        for part in text.split(separator: ",") {
            guard let block = NetworkBlock(String(part.filter { $0 != " " })) else {
                throw "must be addresses or CIDR blocks, separated by commas"
            }
            blocks.append(block)
        }
        return blocks
    }
    static let xss = Setting.text(
        "XSS_PROTECTION_HEADER", default: "1; mode=block", help: "The X-XSS-Protection header; OWASP advises 0")
    static let issuer = IssuerSource()
    static let audience = Setting.text("JWT_AUDIENCE", default: "praxis", help: "The audience that tokens name")
    static let lifetime = Setting.integer(
        "JWT_ACCESS_TOKEN_LIFETIME_MINUTES", aliases: ["ACCESS_TOKEN_LIFETIME_MIN"], in: 1...1440, default: 15,
        help: "Minutes an access token lives")
    static let timeout = Setting.integer(
        "GATEWAY_DEADLINE_SECONDS", in: 1...300, default: 10, help: "Seconds after which a request is given up")
    static let keepAlive = Setting.integer(
        "GATEWAY_KEEP_ALIVE_SECONDS", in: 5...3600, default: 75,
        help: "Seconds an idle connection is kept; longer than a proxy in front keeps its side")
    static let folder = Setting.text(
        "STATIC_DIR", default: "var/static", help: "The folder with the files of the documentation pages")
    static let replicas = Setting.integer(
        "GATEWAY_REPLICAS", in: 1...1000, default: 1, help: "Gateways in all: without Redis each grants its share")

    /// Every class that is counted, with the contract's numbers (api.md §1).
    static let rates: [(rateClass: RateClass, setting: Setting<Rate>)] = [
        (.registration, rate("REGISTRATION", 5)), (.login, rate("LOGIN", 10)), (.anonymous, rate("ANONYMOUS", 100)),
        (.authenticated, rate("AUTHENTICATED", 1000)), (.otp, rate("OTP", 3, minutes: 15)),
        (.recommendations, rate("RECOMMENDATIONS", 20)), (.resend, rate("RESEND", 3)),
        (.documents, rate("DOCUMENTS", 1000)), (.streams, rate("STREAMS", 1000)),
    ]

    package static var declarations: [SettingDeclaration] {
        hosts.declarations + origins.declarations + [proxies.declaration, xss.declaration] + issuer.declarations
            + [
                audience.declaration, lifetime.declaration, timeout.declaration, keepAlive.declaration,
                folder.declaration,
            ]
            + [replicas.declaration] + SecurityContact.setting.declarations + CertificateFiles.declarations
            + rates.map(\.setting.declaration)
            + [seedNumber.declaration, seedWindow.declaration]
    }

    /// Reads all; what is wrong is noted in the reader. Nil exactly when something was.
    package init?(_ reader: inout SettingsReader) {
        let (hosts, origins) = (Self.hosts.read(from: &reader), Self.origins.read(from: &reader))
        let (proxies, xss) = (Self.proxies.read(from: &reader), Self.xss.read(from: &reader))
        let (issuer, audience) = (Self.issuer.read(from: &reader), Self.audience.read(from: &reader))
        let (lifetime, timeout) = (Self.lifetime.read(from: &reader), Self.timeout.read(from: &reader))
        let keepAlive = Self.keepAlive.read(from: &reader)
        let (folder, replicas) = (Self.folder.read(from: &reader), Self.replicas.read(from: &reader))
        let limits = Self.readLimits(&reader)
        let mode = ModeSource().read(from: &reader)
        let contact = SecurityContact.setting.read(from: &reader)
        certificate = CertificateFiles.read(&reader)
        guard let hosts, let origins, let proxies, let xss, let issuer, let audience, let lifetime, let timeout,
            let keepAlive, let folder, let replicas, let limits, let mode, let contact
        else { return nil }
        self.hosts = HostPolicy(hosts)
        self.origins = CrossOrigin(origins: origins)
        clients = ClientAddress(trusted: proxies)
        xssProtection = xss
        self.issuer = issuer
        self.audience = audience
        tokenLifetime = .seconds(60 * lifetime)
        self.timeout = .seconds(timeout)
        self.keepAlive = .seconds(keepAlive)
        staticFolder = folder
        self.replicas = replicas
        self.limits = limits
        isDevelopment = mode == .development
        securityContact = SecurityContact.uri(contact, site: issuer)
    }

    // Seed 000's two names for the limit on registrations; `RATE_LIMIT_REGISTRATION` wins where all are set.
    private static let seedNumber = Setting.integer(
        "RATE_LIMIT_MAX_REQUESTS", in: 1...1_000_000, default: 5, help: "Registrations in a window (seed 000's name)")
    private static let seedWindow = Setting.integer(
        "RATE_LIMIT_WINDOW_MINUTES", in: 1...10_080, default: 60, help: "That window in minutes (seed 000's name)")

    private static func readLimits(_ reader: inout SettingsReader) -> [RateClass: RateLimit]? {
        guard let number = seedNumber.read(from: &reader), let minutes = seedWindow.read(from: &reader) else {
            return nil
        }
        let registration = Rate(limit: number, window: .seconds(60 * minutes))
        var limits: [RateClass: RateLimit] = [:]
        for (rateClass, setting) in rates {
            let setting = rateClass == .registration ? rate("REGISTRATION", default: registration) : setting
            guard let rate = setting.read(from: &reader) else { continue }
            limits[rateClass] = RateLimit(number: rate.limit, window: rate.window)
        }
        return limits.count == rates.count ? limits : nil
    }

    /// For developers, in the message of a 429: the setting that raises the limit.
    func limitHint(_ rateClass: RateClass) -> String {
        guard isDevelopment, let rate = Self.rates.first(where: { $0.rateClass == rateClass }) else { return "" }
        return " \(rate.setting.declaration.name) sets this limit."
    }

    private static func rate(_ name: String, _ number: Int, minutes: Int = 60) -> Setting<Rate> {
        rate(name, default: Rate(limit: number, window: .seconds(60 * minutes)))
    }

    private static func rate(_ name: String, default defaultRate: Rate) -> Setting<Rate> {
        .rate(
            "RATE_LIMIT_\(name)", default: defaultRate,
            help: "Requests of this class in a window, as 5/1h; a bare number keeps the window")
    }
}
