import Glibc
import Net
import Testing

/// A key and a certificate for `praxis.test`, made for one test and gone with it.
final class TestKeys: Sendable {
    let server: TLSContext
    let client: TLSContext

    init() throws {
        let folder = "/tmp/praxis-keys-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        unsafe mkdir(folder, 0o700)
        let made = unsafe system(
            "cd \(folder) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key.pem "
                + "-out cert.pem -subj /CN=praxis.test -addext subjectAltName=DNS:praxis.test >/dev/null 2>&1")
        #expect(made == 0)
        server = try TLSContext.server(certificate: "\(folder)/cert.pem", key: "\(folder)/key.pem")
        client = try TLSContext.client(authorities: "\(folder)/cert.pem")
        _ = unsafe system("rm -r \(folder)")
    }
}
