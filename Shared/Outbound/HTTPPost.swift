import CCurl
import Lifecycle

/// One request posted over one connection of its own. Blocks; belongs on a thread that may. Redirects are not followed:
/// whoever answers in the other side's place gets nothing.
package struct HTTPPost: Sendable {
    package let url: String
    /// The fields of its head, as `Accept: application/json`.
    package let fields: [String]
    package let body: [UInt8]
    /// For all of it, from looking up a name to the last byte.
    package let timeout: Duration
    package let connecting: Duration
    /// A file of certificates that may vouch for the other side; nil for the system's.
    package let authorities: String?
    /// Bytes that an answer's body may have; nil drops the body unread, whatever its length.
    package let answerLimit: Int?

    package init(
        url: String, fields: [String], body: [UInt8], timeout: Duration, connecting: Duration = Curl.connecting,
        authorities: String? = nil, answerLimit: Int? = nil
    ) {
        self.url = url
        self.fields = fields
        self.body = body
        self.timeout = timeout
        self.connecting = connecting
        self.authorities = authorities
        self.answerLimit = answerLimit
    }

    package func run() -> Result<OutboundAnswer, OutboundFault> {
        guard Curl.isReady, let handle = unsafe curl_easy_init() else { return .failure(.setUp) }
        defer { unsafe curl_easy_cleanup(handle) }
        var lines: UnsafeMutablePointer<curl_slist>?
        // The body is small: asking first (Expect) would only cost a second.
        for line in fields + ["User-Agent: Praxis", "Expect:"] { unsafe lines = curl_slist_append(lines, line) }
        defer { unsafe curl_slist_free_all(lines) }
        unsafe praxis_curl_set_pointer(handle, CURLOPT_HTTPHEADER, lines)
        unsafe address(handle)
        unsafe post(handle)
        let answer = AnswerBody(limit: answerLimit)
        unsafe answer.receive(from: handle)
        let result = unsafe curl_easy_perform(handle)
        var status = 0
        unsafe praxis_curl_response_code(handle, &status)
        return withExtendedLifetime(answer) {
            if answer.isTooLong { return .failure(.tooLong) }
            if let fault = OutboundFault(result) { return .failure(fault) }
            return .success(OutboundAnswer(status: status, body: answer.bytes))
        }
    }

    private func address(_ handle: UnsafeMutableRawPointer) {
        unsafe praxis_curl_set_string(handle, CURLOPT_URL, url)
        unsafe praxis_curl_set_string(
            handle, CURLOPT_PROTOCOLS_STR, url.lowercased().hasPrefix("https:") ? "https" : "http")
        unsafe Curl.bound(handle, to: timeout, connecting: connecting)
        // TLS 1.2 and later.
        unsafe praxis_curl_set_long(handle, CURLOPT_SSLVERSION, 6)
        if let authorities { unsafe praxis_curl_set_string(handle, CURLOPT_CAINFO, authorities) }
    }

    /// libcurl keeps a copy, as long as it was told the length before.
    private func post(_ handle: UnsafeMutableRawPointer) {
        unsafe praxis_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, body.count)
        var bytes = body
        unsafe bytes.withUnsafeMutableBytes { buffer in
            _ = unsafe praxis_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, buffer.baseAddress)
        }
    }
}

/// What was answered.
package struct OutboundAnswer: Sendable, Equatable {
    package let status: Int
    package let body: [UInt8]
}

/// Why there is no answer.
package enum OutboundFault: Error, Sendable, Equatable {
    case setUp, unreachable, tls, timedOut
    /// The answer's body was longer than may be.
    case tooLong
    /// By libcurl's number.
    case other(UInt32)

    init?(_ result: CURLcode) {
        switch result {
        case CURLE_OK: return nil
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: self = .unreachable
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE: self = .tls
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        default: self = .other(result.rawValue)
        }
    }
}
