import Chassis
import Kernel
import Settings
import Testing

@Suite struct ConfigCommandTests {
    private func report(shows: Bool = true, _ values: [String: String]) -> (text: String, status: Int32) {
        ConfigCommand.report(shows: shows, of: Environment(process: values)) { reader in
            for _ in 1...2 { _ = Setting<Secret>.secret("KEY", help: "").read(from: &reader) }
            _ = Setting<Int>.port("PORT", aliases: ["OLD_PORT"], default: 8000, help: "").read(from: &reader)
        }
    }

    @Test func `what took effect is shown once, with its origin, and secrets are masked`() {
        let (text, status) = report(["KEY": "hunter2"])
        #expect(text == "KEY=••• (environment)\nPORT=8000 (default)" && status == 0)
    }

    @Test func `a check says that all is well, or which of two names is ignored`() {
        #expect(report(shows: false, ["KEY": "k"]).text == "the settings are usable")
        let both = report(shows: false, ["KEY": "k", "PORT": "1", "OLD_PORT": "2"])
        #expect(both.text == "  note: PORT is used; OLD_PORT also set, and ignored" && both.status == 0)
    }

    @Test func `all faults are told, and it ends with 78`() {
        let (text, status) = report(["PORT": "x"])
        #expect(status == 78 && text.contains("KEY is required") && text.contains("PORT must be"))
    }

    @Test func `tokens name the public address unless they are told another issuer`() throws {
        func issuer(_ values: [String: String]) throws -> String {
            var reader = SettingsReader(Environment(process: values))
            return try reader.read(IssuerSource())
        }
        #expect(try issuer(["FRONTEND_URL": "https://care.example/"]) == "https://care.example")
        #expect(
            try issuer(["FRONTEND_URL": "https://a.example", "JWT_ISSUER": "https://b.example"]) == "https://b.example")
        #expect(try issuer(["DEBUG": "True", "GATEWAY_PORT": "8010"]) == "http://localhost:8010")
        #expect(throws: SettingsFaults.self) { try issuer(["PRAXIS_ENV": "production", "DEBUG": "True"]) }
    }
}
