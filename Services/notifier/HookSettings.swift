import Settings

/// How events are posted to hooks.
package struct HookSettings: Sendable {
    /// Lifts the rules on scheme, address and port.
    package let allowsPrivate: Bool
    /// A file of certificates that may vouch for receivers; nil for the system's.
    package let authorities: String?

    private static let privateAddresses = Setting.flag(
        "WEBHOOK_ALLOW_PRIVATE", default: false,
        help: "Webhooks may point to http, private addresses and any port: for development alone.")
    private static let authoritiesFile = Setting.text(
        "WEBHOOK_CA_FILE", help: "Certificates that may vouch for receivers of webhooks, in place of the system's."
    ).optional

    static var declarations: [SettingDeclaration] { privateAddresses.declarations + authoritiesFile.declarations }

    init(_ reader: inout SettingsReader) throws(SettingsFaults) {
        let (allowsPrivate, authorities) = try reader.read(Self.privateAddresses, Self.authoritiesFile)
        self.allowsPrivate = allowsPrivate
        self.authorities = authorities
    }
}
