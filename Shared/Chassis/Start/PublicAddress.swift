import API
package import Settings

/// Whether secrets and defaults may be those of a developer's machine: `PRAXIS_ENV`, else `DEBUG`, else production.
package struct ModeSource: Readable {
    private let mode = Setting<RunMode>.choice("PRAXIS_ENV", help: "production (the default) or development.").optional
    private let debug = Setting.flag(
        "DEBUG", default: false, help: "True means development, where PRAXIS_ENV is not set.")

    package init() {}

    package var declarations: [SettingDeclaration] { mode.declarations + debug.declarations }

    package func read(from reader: inout SettingsReader) -> RunMode? {
        guard let mode = mode.read(from: &reader), let debug = debug.read(from: &reader) else { return nil }
        return mode ?? (debug ? .development : .production)
    }
}

/// The issuer that tokens name: `JWT_ISSUER`, else the public address. Only a developer's machine has a default.
package struct IssuerSource: Readable {
    private let issuer = Setting.url(
        "JWT_ISSUER",
        help: "The issuer that tokens name; by default FRONTEND_URL; one of the two is required in production"
    ).optional
    private let site = SiteSource.setting
    private let port = Setting.port(
        "GATEWAY_PORT", default: ServiceName.gateway.port, help: "Port of gateway's endpoints.")

    package init() {}

    package var declarations: [SettingDeclaration] { issuer.declarations + site.declarations }

    package func read(from reader: inout SettingsReader) -> String? {
        guard let issuer = issuer.read(from: &reader), let site = site.read(from: &reader),
            let port = port.read(from: &reader), let mode = ModeSource().read(from: &reader)
        else { return nil }
        if let issuer { return issuer }
        if let site { return SiteSource.bare(site) }
        guard mode == .production else { return "http://localhost:\(port)" }
        reader.refuse("JWT_ISSUER", "is required in production, or FRONTEND_URL, which it follows")
        return nil
    }
}

/// Where people use this set-up: `FRONTEND_URL`. Only a developer's machine has a default.
package struct SiteSource: Readable {
    static let setting = Setting.url(
        "FRONTEND_URL", help: "The public address: what links in mails start with; required in production"
    ).optional

    package init() {}

    package var declarations: [SettingDeclaration] { Self.setting.declarations }

    package func read(from reader: inout SettingsReader) -> String? {
        guard let site = Self.setting.read(from: &reader), let mode = ModeSource().read(from: &reader) else {
            return nil
        }
        if let site { return site }
        if mode == .development { return "http://localhost:\(ServiceName.gateway.port)" }
        reader.refuse("FRONTEND_URL", "is required in production: links in mails start with it")
        return nil
    }

    static func bare(_ url: String) -> String {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }
}
