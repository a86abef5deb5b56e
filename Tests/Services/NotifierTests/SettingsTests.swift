import Notifier
import Settings
import Testing

struct SettingsTests {
    func read(_ values: [String: String]) throws -> NotifierSettings {
        var reader = SettingsReader(Environment(process: ["PRAXIS_ENV": "development"].merging(values) { $1 }))
        return try NotifierSettings(&reader)
    }

    @Test func `without a mail server mails are kept`() throws {
        guard case .folder("var/mail") = try read([:]).way else {
            Issue.record("not kept")
            return
        }
        guard
            case .folder("here") = try read(["EMAIL_BACKEND": "console", "EMAIL_HOST": "mx", "MAIL_FOLDER": "here"]).way
        else {
            Issue.record("not kept")
            return
        }
    }

    @Test func `django's names and the others say the same`() throws {
        let django = [
            "EMAIL_HOST": "mx.example", "EMAIL_USE_TLS": "True", "EMAIL_HOST_USER": "u", "EMAIL_HOST_PASSWORD": "p",
            "DEFAULT_FROM_EMAIL": "Praxis <a@b.example>",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        ]
        guard case .server(let server) = try read(django).way else {
            Issue.record("no server")
            return
        }
        #expect(server.host == "mx.example" && server.port == 587 && server.user == "u")
        guard
            case .server(let other) = try read(["SMTP_HOST": "mx", "SMTP_PORT": "2525", "SMTP_USERNAME": "u@b.example"])
                .way
        else {
            Issue.record("no server")
            return
        }
        #expect(other.port == 2525)
    }

    @Test func `what cannot work is told at the start`() {
        #expect(throws: SettingsFaults.self) { try read(["EMAIL_HOST": "mx"]) }
        #expect(throws: SettingsFaults.self) { try read(["DEFAULT_FROM_EMAIL": "nobody"]) }
        #expect(throws: SettingsFaults.self) { try read(["EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1"]) }
        #expect(throws: SettingsFaults.self) { try read(["EMAIL_BACKEND": "pigeon"]) }
    }
}
