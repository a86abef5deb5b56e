import CCurl
package import Kernel

/// One request to a store that speaks S3's API, signed by AWS Signature Version 4. Blocks; belongs on a thread that
/// may. Keys of objects hold letters, digits and hyphens alone: libcurl signs others differently than stores do.
package struct ObjectRequest: Sendable {
    /// What is asked for.
    package enum Action: Sendable {
        case get(Range<Int>)
        /// `read` gives the object's bytes at a place.
        case put(count: Int, read: @Sendable (Range<Int>) throws -> [UInt8])
        case delete
        /// The bucket's keys behind this one, at most a thousand.
        case list(after: String?)
    }

    package let store: ObjectStore
    package let action: Action
    /// Of the object; empty for a list.
    package let key: String
    /// SHA-256 of what is sent, in hexadecimal.
    package let digest: String

    package init(_ action: Action, of key: String = "", digest: String, to store: ObjectStore) {
        self.store = store
        self.action = action
        self.key = key
        self.digest = digest
    }

    package func run() -> Result<OutboundAnswer, OutboundFault> {
        guard Curl.isReady, let handle = unsafe store.handles.take() else { return .failure(.setUp) }
        defer { unsafe store.handles.give(back: handle) }
        unsafe Exchange.address(handle, to: url, trusting: store.authorities)
        unsafe Curl.bound(handle, to: store.timeout, connecting: .seconds(5))
        unsafe sign(handle)
        let body = OutgoingObject(action)
        unsafe send(handle, body)
        return withExtendedLifetime(body) {
            unsafe Exchange.perform(handle, fields: ["x-amz-content-sha256: \(digest)"], limit: limit)
        }
    }

    /// What an answer may have: the part of the object, a list of a thousand keys, or an error's words.
    private var limit: Int {
        if case .get(let range) = action { max(range.count, 65_536) } else { 1_048_576 }
    }

    private var url: String {
        let url = "\(store.url)/\(store.bucket)/\(key)"
        guard case .list(let after) = action else { return url }
        return url + "?list-type=2&max-keys=1000" + (after.map { "&start-after=\($0)" } ?? "")
    }

    private func sign(_ handle: UnsafeMutableRawPointer) {
        unsafe praxis_curl_set_string(handle, CURLOPT_AWS_SIGV4, "aws:amz:\(store.region):s3")
        unsafe praxis_curl_set_string(handle, CURLOPT_USERNAME, store.accessKey)
        unsafe praxis_curl_set_string(handle, CURLOPT_PASSWORD, store.secret.expose())
    }

    private func send(_ handle: UnsafeMutableRawPointer, _ body: OutgoingObject) {
        switch action {
        case .get(let range):
            unsafe praxis_curl_set_string(handle, CURLOPT_RANGE, "\(range.lowerBound)-\(range.upperBound - 1)")
        case .put(let count, _):
            unsafe praxis_curl_set_long(handle, CURLOPT_UPLOAD, 1)
            unsafe praxis_curl_set_long(handle, CURLOPT_INFILESIZE_LARGE, count)
            unsafe praxis_curl_set_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(body).toOpaque())
            unsafe praxis_curl_set_read(handle) { buffer, size, count, context in
                guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
                let body = unsafe Unmanaged<OutgoingObject>.fromOpaque(context).takeUnretainedValue()
                return unsafe body.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size &* count))
            }
        case .delete: unsafe praxis_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, "DELETE")
        case .list: break
        }
    }
}

/// Where objects are kept, and who asks.
package struct ObjectStore: Sendable {
    /// Scheme and host, without a slash at the end.
    package let url: String
    package let bucket: String
    package let region: String
    package let accessKey: String
    let secret: Secret
    /// For all of one request.
    package let timeout: Duration
    /// A file of certificates that may vouch for the store; nil for the system's.
    package let authorities: String?
    let handles = CurlHandles()

    package init(
        url: String, bucket: String, region: String, accessKey: String, secret: Secret, timeout: Duration,
        authorities: String? = nil
    ) {
        self.url = url
        self.bucket = bucket
        self.region = region
        self.accessKey = accessKey
        self.secret = secret
        self.timeout = timeout
        self.authorities = authorities
    }
}

/// The object's bytes as libcurl asks for them; used by one thread.
private final class OutgoingObject {
    /// `CURL_READFUNC_ABORT`.
    private static let abort = 0x1000_0000
    private let count: Int
    private let read: (Range<Int>) throws -> [UInt8]
    private var position = 0

    init(_ action: ObjectRequest.Action) {
        if case .put(let count, let read) = action {
            self.count = count
            self.read = read
        } else {
            count = 0
            read = { _ in [] }
        }
    }

    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let wanted = min(buffer.count, count - position)
        guard let bytes = try? read(position..<position + wanted), bytes.count == wanted else { return Self.abort }
        unsafe buffer.copyBytes(from: bytes)
        position += wanted
        return wanted
    }
}
