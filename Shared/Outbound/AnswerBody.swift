import CCurl

/// An answer's body as it comes; used by one thread, libcurl's callback included.
final class AnswerBody {
    private let limit: Int?
    private let keeps: Bool
    private var count = 0
    private(set) var bytes: [UInt8] = []
    private(set) var isTooLong = false

    /// - Parameters:
    ///   - limit: bytes it may have; nil drops all of them.
    ///   - keeps: false drops those within the limit, too.
    init(limit: Int?, keeps: Bool = true) {
        self.limit = limit
        self.keeps = keeps
    }

    /// Has what the handle is answered given to this, which must outlive the exchange.
    func receive(from handle: UnsafeMutableRawPointer) {
        unsafe praxis_curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
        unsafe praxis_curl_set_write(handle) { buffer, size, count, context in
            guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
            let answer = unsafe Unmanaged<AnswerBody>.fromOpaque(context).takeUnretainedValue()
            return unsafe answer.take(UnsafeRawBufferPointer(start: buffer, count: size &* count))
        }
    }

    /// How many bytes were taken: fewer than were given end the exchange.
    private func take(_ part: UnsafeRawBufferPointer) -> Int {
        guard let limit else { return part.count }
        guard part.count <= limit - count else {
            isTooLong = true
            return 0
        }
        count += part.count
        if keeps { unsafe bytes.append(contentsOf: part) }
        return part.count
    }
}
