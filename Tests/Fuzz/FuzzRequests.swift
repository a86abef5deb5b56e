/// Requests as a server reads them: whole, and cut in two at a place the input chooses; both must tell the same.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzRequests(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let cut = bytes.isEmpty ? 0 : bytes.count * Int(bytes[bytes.count / 2]) / 256
    var whole = Reading()
    whole.read(bytes)
    var parts = Reading()
    parts.read(Array(bytes[..<cut]))
    if parts.fault == nil { parts.read(bytes) }
    precondition(whole == parts, "a cut changed the outcome")
    return 0
}

private struct Reading: Equatable {
    var told: [String] = []
    var content: [UInt8] = []
    var fault: MessageFault?
    private var start = 0
    private var place = 0
    private var parser = RequestParser()
    private var body: BodyParser?

    static func == (one: Reading, other: Reading) -> Bool {
        one.told == other.told && one.content == other.content && one.fault == other.fault
    }

    mutating func read(_ received: [UInt8]) {
        do throws(MessageFault) {
            while start < received.count {
                let bytes = received.span.extracting(start..<received.count)
                if body == nil {
                    guard try parser.parse(bytes) == .complete else { return }
                    try tell(bytes)
                }
                guard try readBody(bytes) else { return }
                start += place
                body = nil
                parser.reset()
            }
        } catch {
            fault = error
        }
    }

    private mutating func tell(_ bytes: Span<UInt8>) throws(MessageFault) {
        let head = parser.head
        let target = try RequestTarget(head, in: bytes)
        let parameters = try target.parameters(in: bytes)
        precondition(head.length <= bytes.count && head.fields.count <= 100)
        precondition(target.path.first == "/" || target.path == "*")
        precondition(!target.path.contains("//") && !target.path.contains("/../") && !target.path.utf8.contains(0))
        for field in head.fields { precondition(field.value.range.upperBound <= head.length) }
        told.append("\(head.method) \(target.path) \(parameters) \(head.framing) \(head.keepAlive) \(head.fields)")
        place = head.length
        body = BodyParser(head.framing)
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
}
