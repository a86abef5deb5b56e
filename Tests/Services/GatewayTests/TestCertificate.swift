import Glibc

/// A certificate of one test's own, made out to `localhost`.
struct TestCertificate: ~Copyable {
    private let folder: String

    init() {
        folder = "/tmp/praxis-https-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        unsafe mkdir(folder, 0o700)
        let made = unsafe system(
            "cd \(folder) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key.pem "
                + "-out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost >/dev/null 2>&1")
        precondition(made == 0, "no certificate was made")
    }

    deinit { _ = unsafe system("rm -r \(folder)") }

    /// How a gateway is told of it.
    var environment: [String: String] {
        ["TLS_CERTIFICATE_FILE": "\(folder)/cert.pem", "TLS_KEY_FILE": "\(folder)/key.pem"]
    }
}
