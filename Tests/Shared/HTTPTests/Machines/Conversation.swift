import HTTP

/// What a server would make of a stream that arrives in pieces: the requests it would serve, and the fault it met.
struct Conversation: Equatable {
    var requests: [String] = []
    var heads: [RequestHead] = []
    var fault: MessageFault?
    /// Nothing is left half-read.
    var isAtRest = true

    /// `cuts` are the places at which the stream is cut.
    init(_ stream: [UInt8], cuts: some Sequence<Int>) {
        var received: [UInt8] = []
        var reader = Reader()
        var start = 0
        do throws(MessageFault) {
            for cut in cuts {
                received += stream[start..<cut]
                start = cut
                try reader.read(received.span, into: &self)
            }
            received += stream[start...]
            try reader.read(received.span, into: &self)
        } catch {
            fault = error
        }
        isAtRest = reader.start == received.count && fault == nil
    }

    init(_ stream: [UInt8]) { self.init(stream, cuts: []) }

    /// The stream byte by byte.
    static func drip(_ stream: [UInt8]) -> Conversation { Conversation(stream, cuts: stream.indices.dropFirst()) }
}

/// The loop of a server around the machines.
private struct Reader {
    /// Where the current request begins.
    var start = 0
    private var parser = RequestParser()
    private var body: BodyParser?
    private var place = 0
    private var line = ""
    private var content: [UInt8] = []

    mutating func read(_ received: Span<UInt8>, into conversation: inout Conversation) throws(MessageFault) {
        while start < received.count {
            let bytes = received.extracting(start..<received.count)
            if body == nil {
                guard try parser.parse(bytes) == .complete else { return }
                line = try Self.line(parser.head, bytes)
                conversation.heads.append(parser.head)
                place = parser.head.length
                body = BodyParser(parser.head.framing)
            }
            guard try readBody(bytes) else { return }
            if !content.isEmpty { line += " " + String(decoding: content, as: UTF8.self) }
            conversation.requests.append(line)
            start += place
            body = nil
            content = []
            parser.reset()
        }
    }

    private mutating func readBody(_ bytes: Span<UInt8>) throws(MessageFault) -> Bool {
        while true {
            switch try body?.next(bytes, at: &place) {
            case .data(let range): for index in range { content.append(bytes[index]) }
            case .end: return true
            case .needsMore, nil: return false
            }
        }
    }

    private static func line(_ head: RequestHead, _ bytes: Span<UInt8>) throws(MessageFault) -> String {
        let target = try RequestTarget(head, in: bytes)
        let parameters = try target.parameters(in: bytes).map { "\($0.name)=\($0.value)" }
        return "\(head.method.rawValue) \(target.path)"
            + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
    }
}
