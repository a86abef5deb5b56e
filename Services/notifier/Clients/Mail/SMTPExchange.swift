import CCurl
import Glibc
import Kernel
import NotifierDomain
import Outbound

/// One mail handed in over one connection. Blocks; belongs on a thread that may.
struct SMTPExchange {
    let server: SMTPServer
    let mail: Mail
    let bytes: [UInt8]
    let timeout: Duration

    func run() -> Outcome {
        guard Curl.isReady, let handle = unsafe curl_easy_init() else { return .away(code: "curl") }
        defer { unsafe curl_easy_cleanup(handle) }
        let body = OutgoingBody(bytes)
        let recipients = unsafe curl_slist_append(nil, "<\(mail.to.ascii)>")
        defer { unsafe curl_slist_free_all(recipients) }
        unsafe address(handle)
        unsafe secure(handle)
        unsafe praxis_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)
        unsafe praxis_curl_set_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(body).toOpaque())
        unsafe praxis_curl_set_read(handle) { buffer, size, count, context in
            guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
            let body = unsafe Unmanaged<OutgoingBody>.fromOpaque(context).takeUnretainedValue()
            return unsafe body.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size &* count))
        }
        let result = unsafe curl_easy_perform(handle)
        var status = 0
        unsafe praxis_curl_response_code(handle, &status)
        return withExtendedLifetime(body) {
            SMTPVerdict.outcome(of: result, status: status, hasBegunBody: body.hasBegun)
        }
    }

    private func address(_ handle: UnsafeMutableRawPointer) {
        let scheme = server.security == .tls ? "smtps" : "smtp"
        let host = server.host.contains(":") ? "[\(server.host)]" : server.host
        // The path is the name we greet with.
        unsafe set(handle, CURLOPT_URL, "\(scheme)://\(host):\(server.port)/\(mail.from.address.domain)")
        unsafe set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        unsafe set(handle, CURLOPT_MAIL_FROM, "<\(mail.from.address.ascii)>")
        unsafe Curl.bound(handle, to: timeout)
        unsafe praxis_curl_set_long(handle, CURLOPT_UPLOAD, 1)
    }

    private func secure(_ handle: UnsafeMutableRawPointer) {
        if server.security != .none {
            unsafe praxis_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
            unsafe praxis_curl_set_long(handle, CURLOPT_SSLVERSION, 6)
        }
        if let authorities = server.authorities { unsafe set(handle, CURLOPT_CAINFO, authorities) }
        guard let user = server.user else { return }
        unsafe set(handle, CURLOPT_USERNAME, user)
        unsafe set(handle, CURLOPT_PASSWORD, server.password?.expose() ?? "")
    }

    /// libcurl keeps a copy.
    private func set(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: String) {
        unsafe praxis_curl_set_string(handle, option, value)
    }
}

/// The mail's bytes as libcurl asks for them.
private final class OutgoingBody {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var hasBegun = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        hasBegun = true
        let count = min(buffer.count, bytes.count - position)
        unsafe buffer.copyBytes(from: bytes[position..<(position + count)])
        position += count
        return count
    }
}

/// What libcurl's result and the server's last number (RFC 5321 §4.2) mean for the mail.
enum SMTPVerdict {
    static func outcome(of result: CURLcode, status: Int, hasBegunBody: Bool) -> Outcome {
        if result == CURLE_OK { return .accepted }
        switch result {
        case CURLE_LOGIN_DENIED: return .away(code: "smtp_login")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: return .away(code: "smtp_unreachable")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED:
            return .away(code: "smtp_tls")
        case CURLE_OPERATION_TIMEDOUT: return .away(code: "smtp_time_out")
        // MAIL, RCPT or DATA was refused; or the mail itself, after its last byte.
        case CURLE_SEND_ERROR: return answered(status)
        case CURLE_WEIRD_SERVER_REPLY where hasBegunBody: return answered(status)
        default: return .away(code: "smtp_\(result.rawValue)")
        }
    }

    private static func answered(_ status: Int) -> Outcome {
        switch status {
        // The server closes, or wants a login or encryption it was not told of: nothing about this mail.
        case 421, 530, 534, 535, 538: .away(code: "smtp_\(status)")
        case 400...499: .deferred(code: "smtp_\(status)")
        case 500...599: .refused(code: "smtp_\(status)")
        default: .away(code: "smtp_broken")
        }
    }
}
