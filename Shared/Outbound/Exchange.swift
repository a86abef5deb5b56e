import CCurl

/// One exchange over a handle that says where and how: headers, request, answer. Blocks.
enum Exchange {
    /// Sends the request and reads the answer.
    /// - Parameters:
    ///   - fields: of the request's head, as `Accept: application/json`.
    ///   - limit: bytes that an answer's body may have; nil drops the body unread, whatever its length.
    ///   - statusDecides: the body is dropped within its limit, too, and how it ends changes nothing.
    static func perform(
        _ handle: UnsafeMutableRawPointer, fields: [String], limit: Int?, statusDecides: Bool = false
    ) -> Result<OutboundAnswer, OutboundFault> {
        var lines: UnsafeMutablePointer<curl_slist>?
        // Nobody is asked before a body is sent: waiting for "100 Continue" would only cost a second.
        for line in fields + ["Expect:"] { unsafe lines = curl_slist_append(lines, line) }
        defer { unsafe curl_slist_free_all(lines) }
        unsafe praxis_curl_set_pointer(handle, CURLOPT_HTTPHEADER, lines)
        unsafe praxis_curl_set_string(handle, CURLOPT_USERAGENT, "Praxis")
        let answer = AnswerBody(limit: limit, keeps: !statusDecides)
        unsafe answer.receive(from: handle)
        let result = unsafe curl_easy_perform(handle)
        var (status, retryAfter): (Int, curl_off_t) = (0, 0)
        unsafe praxis_curl_response_code(handle, &status)
        unsafe praxis_curl_retry_after(handle, &retryAfter)
        return withExtendedLifetime(answer) {
            if statusDecides, status >= 200 {
                return .success(OutboundAnswer(status: status, body: [], retryAfter: Int(retryAfter)))
            }
            if answer.isTooLong { return .failure(.tooLong) }
            if let fault = OutboundFault(result) { return .failure(fault) }
            return .success(OutboundAnswer(status: status, body: answer.bytes, retryAfter: Int(retryAfter)))
        }
    }

    /// Where the handle goes: by http or https as the address says, with TLS 1.2 and later.
    /// - Parameter authorities: a file of certificates that may vouch for the other side; nil for the system's.
    static func address(_ handle: UnsafeMutableRawPointer, to url: String, trusting authorities: String?) {
        unsafe praxis_curl_set_string(handle, CURLOPT_URL, url)
        unsafe praxis_curl_set_string(
            handle, CURLOPT_PROTOCOLS_STR, url.lowercased().hasPrefix("https:") ? "https" : "http")
        unsafe praxis_curl_set_long(handle, CURLOPT_SSLVERSION, 6)
        if let authorities { unsafe praxis_curl_set_string(handle, CURLOPT_CAINFO, authorities) }
    }
}
