import API
import Chassis
import Gateway
import Identity
import Notifier
import Records
import Scheduling
import Settings
import Testing

/// `.env.example`, as whoever uncomments its lines gets it.
@Suite struct ExampleSettingsTests {
    /// The example with every setting uncommented; an explanation begins with a blank and a `#`.
    private static func uncommented() throws -> [String: String] {
        let example = try #require(Reference.kept(Reference.top + "/.env.example"))
        let names = ExampleFile.settings.map { "# \($0.name)=" }
        let lines = example.split(separator: "\n").map { line in
            names.contains { line.hasPrefix($0) } ? String(line.dropFirst(2)) : String(line)
        }
        return try DotEnv.parse(lines.joined(separator: "\n"))
    }

    private static let secrets = [
        "SECRET_KEY": String(repeating: "s", count: 32), "PASSWORD_PEPPER": String(repeating: "p", count: 32),
        "SIGNING_KEY_ENCRYPTION_KEY": String(repeating: "a1", count: 32),
        "DATA_ENCRYPTION_KEY": String(repeating: "b2", count: 32),
        "PRINCIPAL_KEYS": "gateway>identity=\(String(repeating: "A", count: 43))",
    ]

    @Test(arguments: ServiceName.allCases)
    func `with every line uncommented the service reads usable settings`(name: ServiceName) throws {
        let example = try Self.uncommented()
        #expect(example.count > 80)
        var reader = SettingsReader(Environment(process: Self.secrets, dotEnv: example))
        _ = CommonSettings(name, from: &reader)
        if name != .gateway { _ = StoreSettings(name.rawValue, from: &reader) }
        switch name {
        case .gateway: _ = GatewaySettings(&reader)
        case .identity: _ = try IdentitySettings(&reader)
        case .notifier: _ = try NotifierSettings(&reader)
        case .records: _ = try RecordsSettings(&reader)
        case .scheduling: _ = try SchedulingSettings(&reader)
        default: break
        }
        try reader.finish()
        for setting in reader.effective { #expect(!setting.value.contains(" #"), "\(setting)") }
    }

    @Test func `origins and the public address have no default in production, and a star is refused`() {
        func faults(_ values: [String: String]) -> [String] {
            var reader = SettingsReader(Environment(process: values))
            _ = GatewaySettings(&reader)
            do { try reader.finish() } catch { return error.faults.map(\.name) }
            return []
        }
        #expect(faults(["PRAXIS_ENV": "production"]) == ["CORS_ALLOWED_ORIGINS", "JWT_ISSUER"])
        let site = ["PRAXIS_ENV": "production", "FRONTEND_URL": "https://care.example"]
        #expect(faults(site.merging(["CORS_ALLOWED_ORIGINS": "none"]) { $1 }).isEmpty)
        #expect(faults(site.merging(["CORS_ALLOWED_ORIGINS": "https://app.example"]) { $1 }).isEmpty)
        for wrong in ["*", "https://*.example", "app.example", "https://app.example/path"] {
            #expect(faults(["PRAXIS_ENV": "development", "CORS_ALLOWED_ORIGINS": wrong]) == ["CORS_ALLOWED_ORIGINS"])
        }
    }
}
