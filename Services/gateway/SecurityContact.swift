import Settings

/// Where security reports go: an email address or https page that was set, else `security@` (RFC 2142) the public host.
enum SecurityContact {
    static let setting = Setting<String>(
        "SECURITY_CONTACT", default: "", shown: "",
        help: "Where security reports go, an email address or an https URL; empty: security@ the public host"
    ) { text throws(SettingRefusal) in
        guard text.isEmpty || text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            text.isEmpty || text.hasPrefix("https://") || text.contains("@")
        else {
            throw "must be an email address or an https URL"
        }
        return text
    }

    /// The URI that is published.
    static func uri(_ contact: String, site: String) -> String {
        if contact.hasPrefix("https://") || contact.hasPrefix("mailto:") { return contact }
        return "mailto:" + (contact.isEmpty ? "security@\(SettingURL(site)?.host ?? "localhost")" : contact)
    }
}
