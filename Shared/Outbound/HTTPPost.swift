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
    /// Whom alone it may speak to: a stranger, whose answer's status decides. What follows that is dropped, 64 KiB at
    /// most, and whether it ever ends changes nothing.
    package let peer: OutboundPeer?

    package init(
        url: String, fields: [String], body: [UInt8], timeout: Duration, connecting: Duration = Curl.connecting,
        authorities: String? = nil, answerLimit: Int? = nil, peer: OutboundPeer? = nil
    ) {
        self.url = url
        self.fields = fields
        self.body = body
        self.timeout = timeout
        self.connecting = connecting
        self.authorities = authorities
        self.answerLimit = answerLimit
        self.peer = peer
    }

    package func run() -> Result<OutboundAnswer, OutboundFault> {
        guard Curl.isReady, let handle = unsafe curl_easy_init() else { return .failure(.setUp) }
        defer { unsafe curl_easy_cleanup(handle) }
        unsafe Exchange.address(handle, to: url, trusting: authorities)
        unsafe Curl.bound(handle, to: timeout, connecting: connecting)
        unsafe post(handle)
        guard let peer else { return unsafe Exchange.perform(handle, fields: fields, limit: answerLimit) }
        return unsafe post(over: handle, to: peer)
    }

    private func post(
        over handle: UnsafeMutableRawPointer, to peer: OutboundPeer
    ) -> Result<OutboundAnswer, OutboundFault> {
        let names = unsafe peer.pinned.flatMap { unsafe curl_slist_append(nil, $0) }
        defer { unsafe curl_slist_free_all(names) }
        if let names = unsafe names { unsafe praxis_curl_set_pointer(handle, CURLOPT_RESOLVE, names) }
        let sockets = AllowedPeers(peer)
        unsafe sockets.guardSockets(of: handle)
        return withExtendedLifetime(sockets) {
            unsafe Exchange.perform(handle, fields: fields, limit: 65_536, statusDecides: true)
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

/// What was answered.
package struct OutboundAnswer: Sendable, Equatable {
    package let status: Int
    package let body: [UInt8]
    /// The seconds of its `Retry-After`; 0 without one.
    package var retryAfter = 0
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
