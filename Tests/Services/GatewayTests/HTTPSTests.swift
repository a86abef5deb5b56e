import Gateway
import HTTP
import Kernel
import Settings
import Testing

@Suite struct HTTPSTests {
    @Test func `with a certificate the gateway speaks HTTPS and tells browsers to insist on it`() async throws {
        let certificate = TestCertificate()
        try await GatewayFixture.with(environment: certificate.environment) { fixture in
            let answer = try await fixture.ask(
                .get, "/api/patients", ["Authorization": "Bearer \(try fixture.token())"])
            #expect(answer.status == 200)
            #expect(answer.headers["strict-transport-security"]?.contains("max-age=") == true)
        }
        try await GatewayFixture.with { fixture in
            let answer = try await fixture.ask(.get, "/api/patients")
            #expect(answer.headers["strict-transport-security"] == nil)
        }
    }

    @Test(arguments: ["TLS_CERTIFICATE_FILE", "TLS_KEY_FILE"])
    func `a certificate without its key, or the reverse, is a fault`(_ name: String) {
        var reader = SettingsReader(Environment(process: [name: "/etc/praxis/one.pem"]))
        _ = GatewaySettings(&reader)
        #expect(throws: SettingsFaults.self) { try reader.finish() }
    }
}
