import Chassis
import Kernel
package import Settings

/// The settings of notifier, beside those of every service.
package struct NotifierSettings: Sendable {
    /// How mail leaves.
    package enum Way: Sendable {
        case server(SMTPServer)
        case folder(String)
    }

    package let way: Way
    package let from: Mailbox
    /// Where people log in.
    package let site: String
    package let texts: SMSWay
    package let hooks: HookSettings

    static let host = Setting.text(
        "EMAIL_HOST", aliases: ["SMTP_HOST"], help: "The mail server; without it mails are kept in MAIL_FOLDER."
    ).optional
    static let port = Setting.port(
        "EMAIL_PORT", aliases: ["SMTP_PORT"], help: "Its port: 465 with EMAIL_USE_SSL, 587 with EMAIL_USE_TLS, else 25."
    ).optional
    static let user = Setting.text(
        "EMAIL_HOST_USER", aliases: ["SMTP_USERNAME", "SMTP_USER"], help: "The login at the mail server."
    ).optional
    static let password = Setting<Secret>.secret(
        "EMAIL_HOST_PASSWORD", aliases: ["SMTP_PASSWORD"], help: "Its password."
    ).optional
    static let startTLS = Setting.flag(
        "EMAIL_USE_TLS", aliases: ["SMTP_USE_TLS"], default: false,
        help: "Upgrade the connection by STARTTLS, or not send.")
    static let tls = Setting.flag(
        "EMAIL_USE_SSL", aliases: ["SMTP_USE_SSL"], default: false, help: "Speak TLS from the first byte (smtps).")
    static let authorities = Setting.text(
        "EMAIL_CA_FILE", help: "Certificates that may vouch for the mail server, in place of the system's."
    ).optional
    static let backend = Setting<MailBackend>(
        "EMAIL_BACKEND", default: .some(.server), shown: "smtp",
        help: "smtp, file or console, or Django's dotted name; file and console keep mails in MAIL_FOLDER."
    ) { text throws(SettingRefusal) in
        guard let backend = MailBackend(text) else { throw "must be smtp, file or console" }
        return backend
    }
    static let sender = Setting.text(
        "DEFAULT_FROM_EMAIL", aliases: ["SMTP_FROM"],
        help: "Whom mails come from: name@example.org or Name <name@example.org>."
    ).optional
    static let folder = Setting.text(
        "MAIL_FOLDER", default: "var/mail", help: "Where mails are kept when there is no mail server.")
    static let frontend = SiteSource()

    package static var declarations: [SettingDeclaration] {
        [host, user, authorities, sender].flatMap(\.declarations) + port.declarations + password.declarations
            + [startTLS, tls].flatMap(\.declarations) + backend.declarations
            + folder.declarations + frontend.declarations + SMSWay.declarations + HookSettings.declarations
    }

    package init(_ reader: inout SettingsReader) throws(SettingsFaults) {
        var texts: SMSWay?
        do throws(SettingsFaults) { texts = try SMSWay.read(&reader) } catch { reader.note(error) }
        var hooks: HookSettings?
        do throws(SettingsFaults) { hooks = try HookSettings(&reader) } catch { reader.note(error) }
        let (host, port, user, password, startTLS, tls, authorities, backend, sender, folder, site) = try reader.read(
            Self.host, Self.port, Self.user, Self.password, Self.startTLS, Self.tls, Self.authorities, Self.backend,
            Self.sender, Self.folder, Self.frontend)
        if startTLS, tls { reader.refuse("EMAIL_USE_SSL", "cannot be set together with EMAIL_USE_TLS") }
        let given = sender ?? user.flatMap { Mailbox($0) == nil ? nil : $0 }
        let from = Mailbox(given ?? "Praxis <no-reply@praxis.example>")
        if from == nil { reader.refuse("DEFAULT_FROM_EMAIL", "must be an email address, or a name and <address>") }
        if let host, backend == .server {
            if given == nil { reader.refuse("DEFAULT_FROM_EMAIL", "is needed when mail is sent by EMAIL_HOST") }
            way = .server(
                SMTPServer(
                    host: host, port: port ?? (tls ? 465 : startTLS ? 587 : 25),
                    security: tls ? .tls : startTLS ? .startTLS : .none, user: user, password: password,
                    authorities: authorities))
        } else {
            way = .folder(folder)
        }
        try reader.finish()
        guard let from, let texts, let hooks else { throw SettingsFaults([]) }
        self.from = from
        self.site = site
        self.texts = texts
        self.hooks = hooks
    }
}

/// How mails leave: `console` is understood as `file`, since a mail on a console is a person's data in a log.
package enum MailBackend: Sendable {
    case server, folder

    init?(_ text: String) {
        switch text.lowercased() {
        case "smtp", "django.core.mail.backends.smtp.emailbackend": self = .server
        case "file", "console", "django.core.mail.backends.filebased.emailbackend",
            "django.core.mail.backends.console.emailbackend":
            self = .folder
        default: return nil
        }
    }
}
