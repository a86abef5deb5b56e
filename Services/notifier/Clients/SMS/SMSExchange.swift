import CCurl
import Kernel
import NotifierDomain

/// One text message posted over one connection. Blocks; belongs on a thread that may.
struct SMSExchange: Sendable {
    let provider: SMSProvider
    let key: String
    let type: String
    let body: [UInt8]
    let timeout: Duration

    func run() -> Outcome {
        guard Curl.isReady, let handle = unsafe curl_easy_init() else { return .away(code: "curl") }
        defer { unsafe curl_easy_cleanup(handle) }
        var headers: UnsafeMutablePointer<curl_slist>?
        for line in lines { unsafe headers = curl_slist_append(headers, line) }
        defer { unsafe curl_slist_free_all(headers) }
        unsafe praxis_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
        unsafe address(handle)
        unsafe post(handle)
        // Nobody reads the answer's body: the number says it all, and a body may repeat the message.
        unsafe praxis_curl_set_write(handle) { _, size, count, _ in size &* count }
        let result = unsafe curl_easy_perform(handle)
        var status = 0
        unsafe praxis_curl_response_code(handle, &status)
        return SMSVerdict.outcome(of: result, status: status)
    }

    private var lines: [String] {
        let authorization = provider.key.map { ["Authorization: \(provider.scheme) \($0.expose())"] } ?? []
        return authorization + [
            "Content-Type: \(type)", "Accept: application/json", "Idempotency-Key: \(key)", "User-Agent: Praxis",
            // The body is small: asking first would only cost a second.
            "Expect:",
        ]
    }

    private func address(_ handle: UnsafeMutableRawPointer) {
        unsafe praxis_curl_set_string(handle, CURLOPT_URL, provider.url)
        // Redirects are not followed: whoever answers in the provider's place gets no message.
        unsafe praxis_curl_set_string(
            handle, CURLOPT_PROTOCOLS_STR, provider.url.lowercased().hasPrefix("https:") ? "https" : "http")
        unsafe Curl.bound(handle, to: timeout)
        // TLS 1.2 and later.
        unsafe praxis_curl_set_long(handle, CURLOPT_SSLVERSION, 6)
        if let authorities = provider.authorities {
            unsafe praxis_curl_set_string(handle, CURLOPT_CAINFO, authorities)
        }
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

/// What libcurl's result and the provider's status mean for the message.
enum SMSVerdict {
    static func outcome(of result: CURLcode, status: Int) -> Outcome {
        switch result {
        case CURLE_OK: answered(status)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: .away(code: "sms_unreachable")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE: .away(code: "sms_tls")
        case CURLE_OPERATION_TIMEDOUT: .away(code: "sms_time_out")
        default: .away(code: "sms_curl_\(result.rawValue)")
        }
    }

    private static func answered(_ status: Int) -> Outcome {
        switch status {
        case 200...299: .accepted
        case 408, 429, 500...599: .deferred(code: "sms_\(status)")
        // Our key, or where we ask: nothing about this message.
        case 300...399, 401, 407: .away(code: "sms_\(status)")
        case 400...499: .refused(code: "sms_\(status)")
        default: .away(code: "sms_broken")
        }
    }
}
