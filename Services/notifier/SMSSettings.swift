import Kernel
import Settings

/// How text messages leave.
package enum SMSWay: Sendable {
    case provider(SMSProvider)
    case folder(String)

    private static let url = Setting.url(
        "SMS_PROVIDER_URL",
        help: "Where text messages are posted: https, or http to this machine; without it they are kept in SMS_FOLDER."
    ).optional
    private static let key = Setting<Secret>.secret(
        "SMS_PROVIDER_API_KEY", help: "What the provider knows us by; sent in Authorization."
    ).optional
    private static let scheme = Setting.text(
        "SMS_AUTH_SCHEME", default: "Bearer", help: "The word before the key: Bearer, Basic, AccessKey, App …")
    private static let sender = Setting.text(
        "SMS_SENDER", help: "Whom text messages come from: a number or a name, if the provider wants one."
    ).optional
    private static let form = Setting<SMSForm>(
        "SMS_REQUEST", default: nil, shown: "",
        help: "What is posted: JSON, or a form (To={{to}}&Body={{text}}), with {{to}}, {{text}}, {{id}} and {{sender}}."
    ) { text throws(SettingRefusal) in
        guard let form = SMSForm(text) else {
            throw "must be JSON or a form with {{to}} and {{text}}, and no others than {{id}} and {{sender}}"
        }
        return form
    }.optional
    private static let authorities = Setting.text(
        "SMS_CA_FILE", help: "Certificates that may vouch for the provider, in place of the system's."
    ).optional
    private static let folder = Setting.text(
        "SMS_FOLDER", default: "var/sms", help: "Where text messages are kept when there is no provider.")

    static var declarations: [SettingDeclaration] {
        url.declarations + key.declarations + scheme.declarations + sender.declarations + form.declarations
            + authorities.declarations + folder.declarations
    }

    /// What is wrong is noted in the reader, and reported when it finishes.
    static func read(_ reader: inout SettingsReader) throws(SettingsFaults) -> SMSWay {
        let (url, key, scheme, sender, form, authorities, folder) = try reader.read(
            Self.url, Self.key, Self.scheme, Self.sender, Self.form, Self.authorities, Self.folder)
        guard let url else { return .folder(folder) }
        if !isSafe(url) {
            reader.refuse("SMS_PROVIDER_URL", "must be https, or http to this machine, and hold no password")
        }
        if let key, !isPrintable(key.expose()) {
            reader.refuse("SMS_PROVIDER_API_KEY", "must be of printable characters")
        }
        if !isPrintable(scheme) || scheme.contains(" ") { reader.refuse("SMS_AUTH_SCHEME", "must be one word") }
        if let sender, !isPrintable(sender) || sender.count > 30 {
            reader.refuse("SMS_SENDER", "must be at most 30 printable characters")
        }
        if let form, form.mentionsSender, sender == nil { reader.refuse("SMS_SENDER", "is needed by SMS_REQUEST") }
        return .provider(
            SMSProvider(
                url: url, key: key, scheme: scheme, form: form ?? (sender == nil ? .default : .defaultWithSender),
                sender: sender, authorities: authorities))
    }

    private static func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { (0x20...0x7E).contains($0) } }

    /// Texts and the key go in the clear over http, so only to ourselves.
    private static func isSafe(_ text: String) -> Bool {
        SettingURL(text)?.isFitForSecrets == true && isPrintable(text)
    }
}
