package import Kernel
import Net
package import NotifierDomain

/// Where mail is handed in.
package struct SMTPServer: Sendable {
    /// How the connection to the mail server is encrypted.
    package enum Security: Sendable {
        case none
        /// Plain at first, then upgraded; without the upgrade nothing is sent.
        case startTLS
        case tls
    }

    package let host: String
    package let port: Int
    package let security: Security
    package let user: String?
    package let password: Secret?
    /// A file of certificates that may vouch for the server; nil for the system's.
    package let authorities: String?

    package init(
        host: String, port: Int, security: Security, user: String? = nil, password: Secret? = nil,
        authorities: String? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.authorities = authorities
    }
}

/// Hands mail to a server by libcurl, on threads of its own.
package struct SMTPMailer: Mailer {
    private let server: SMTPServer
    private let timeout: Duration
    private let pool: BlockingPool

    /// - Parameter timeout: for one mail, from connecting to the server's last word.
    package init(_ server: SMTPServer, timeout: Duration = TryLease.sending) {
        self.server = server
        self.timeout = timeout
        pool = BlockingPool(name: "smtp", threads: 4, queue: 16)
    }

    package func send(_ mail: Mail) async -> Outcome {
        do {
            let bytes = try MailText.write(mail)
            return try await pool.run { [server, timeout] in
                SMTPExchange(server: server, mail: mail, bytes: bytes, timeout: timeout).run()
            }
        } catch is UnsafeHeader {
            return .refused(code: "unsafe_header")
        } catch {
            return .away(code: "busy")
        }
    }
}
