internal import CHiredis

/// hiredis' reader: bytes in, answers out. It knows seven levels of nesting, which is more than any command here uses.
@safe final class RESPReader {
    private let reader: UnsafeMutablePointer<redisReader>

    init?() {
        guard let reader = unsafe redisReaderCreate() else { return nil }
        unsafe self.reader = unsafe reader
    }

    deinit { unsafe redisReaderFree(reader) }

    /// False when the reader has met something that is not RESP2; the connection is of no more use then.
    func feed(_ bytes: Span<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { memory in
            unsafe redisReaderFeed(reader, memory.assumingMemoryBound(to: CChar.self).baseAddress, memory.count)
                == REDIS_OK
        }
    }

    enum Step {
        case value(RESPValue)
        case needsMore
        case broken
    }

    func next() -> Step {
        var reply: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(reader, &reply) == REDIS_OK else { return .broken }
        guard let reply = unsafe reply else { return .needsMore }
        defer { unsafe freeReplyObject(reply) }
        return .value(unsafe Self.value(reply.assumingMemoryBound(to: redisReply.self).pointee))
    }

    private static func value(_ reply: redisReply) -> RESPValue {
        switch unsafe reply.type {
        case REDIS_REPLY_INTEGER: return .integer(unsafe reply.integer)
        case REDIS_REPLY_STRING: return .bulk(unsafe bytes(reply))
        case REDIS_REPLY_STATUS: return .status(String(decoding: unsafe bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            let elements = unsafe UnsafeBufferPointer(start: reply.element, count: reply.elements)
            return .array(unsafe elements.map { unsafe $0.map { unsafe value($0.pointee) } ?? .null })
        case REDIS_REPLY_ERROR:
            let message = String(decoding: unsafe bytes(reply), as: UTF8.self)
            return .refusal(code: String(message.prefix { $0 != " " }), message: message)
        default: return .null
        }
    }

    private static func bytes(_ reply: redisReply) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: reply.str, count: reply.len))
    }
}
