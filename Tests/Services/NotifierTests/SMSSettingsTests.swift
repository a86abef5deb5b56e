import Notifier
import Settings
import Testing

struct SMSSettingsTests {
    func read(_ values: [String: String]) throws -> SMSWay {
        var reader = SettingsReader(Environment(process: ["PRAXIS_ENV": "development"].merging(values) { $1 }))
        return try NotifierSettings(&reader).texts
    }

    @Test func `without a provider texts are kept`() throws {
        guard case .folder("var/sms") = try read([:]), case .folder("here") = try read(["SMS_FOLDER": "here"]) else {
            Issue.record("not kept")
            return
        }
    }

    @Test func `a provider is spoken to over tls, or on this machine`() throws {
        for url in [
            "https://sms.example/v1", "http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]:1/",
            "http://127.1.2.3/",
        ] {
            guard case .provider(let provider) = try read(["SMS_PROVIDER_URL": url, "SMS_SENDER": "Praxis"]) else {
                Issue.record("no provider")
                return
            }
            #expect(provider.url == url && provider.scheme == "Bearer" && provider.form == .defaultWithSender)
        }
        for url in [
            "http://sms.example/", "http://127.evil.example/", "http://10.0.0.1/", "ftp://127.0.0.1/", "sms.example",
            "https://user:word@sms.example/",
        ] {
            #expect(throws: SettingsFaults.self) { try read(["SMS_PROVIDER_URL": url]) }
        }
    }

    @Test func `what would break out of a header is refused at the start`() {
        let url = ["SMS_PROVIDER_URL": "https://sms.example/"]
        for (name, value) in [
            ("SMS_PROVIDER_API_KEY", "a\r\nX: y"), ("SMS_AUTH_SCHEME", "Bearer\u{7F}"), ("SMS_AUTH_SCHEME", "a b"),
            ("SMS_SENDER", "Präxis"), ("SMS_REQUEST", "{}"), ("SMS_REQUEST", "To={{to}}&From={{sender}}&Body={{text}}"),
        ] {
            #expect(throws: SettingsFaults.self, "\(name)") {
                try read(url.merging([name: value]) { $1 })
            }
        }
    }
}
