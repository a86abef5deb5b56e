import Gateway
import Glibc
import HTTP
import Kernel
import Settings
import Testing

@Suite struct HTTPSTests {
    @Test func `with a certificate the gateway speaks HTTPS and tells browsers to insist on it`() async throws {
        let folder = "/tmp/praxis-https-\(getpid())"
        unsafe mkdir(folder, 0o700)
        defer { _ = unsafe system("rm -r \(folder)") }
        let made = unsafe system(
            "cd \(folder) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key.pem "
                + "-out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost >/dev/null 2>&1")
        #expect(made == 0)
        let files = ["TLS_CERTIFICATE_FILE": "\(folder)/cert.pem", "TLS_KEY_FILE": "\(folder)/key.pem"]
        try await House.with(environment: files) { house in
            let answer = try await house.ask(.get, "/api/patients", ["Authorization": "Bearer \(try house.token())"])
            #expect(answer.status == 200)
            #expect(answer.headers["strict-transport-security"]?.contains("max-age=") == true)
        }
        try await House.with { house in
            let answer = try await house.ask(.get, "/api/patients")
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
