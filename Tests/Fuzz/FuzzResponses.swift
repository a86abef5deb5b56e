/// Responses as a client reads them: whole, and cut in two; both must tell the same.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzResponses(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let cut = bytes.isEmpty ? 0 : bytes.count * Int(bytes[bytes.count / 2]) / 256
    let method: Method = count % 5 == 0 ? .head : .get
    var whole = Reading(parser: ResponseParser(answering: method))
    whole.read(bytes)
    var parts = Reading(parser: ResponseParser(answering: method))
    parts.read(Array(bytes[..<cut]))
    if parts.fault == nil { parts.read(bytes) }
    precondition(whole.told == parts.told && whole.fault == parts.fault, "a cut changed the outcome")
    precondition(whole.content == parts.content, "a cut changed the body")
    return 0
}

private struct Reading {
    var parser: ResponseParser
    var told = ""
    var content: [UInt8] = []
    var fault: MessageFault?
    private var place = 0
    private var body: BodyParser?

    init(parser: ResponseParser) { self.parser = parser }

    mutating func read(_ received: [UInt8]) {
        do throws(MessageFault) {
            if body == nil {
                guard try parser.parse(received.span) == .complete else { return }
                let head = parser.head
                precondition(head.length <= received.count && head.status >= 200)
                told = "\(head)"
                place = head.length
                body = BodyParser(head.framing)
            }
            while case .data(let range) = try body?.next(received.span, at: &place) { content += received[range] }
        } catch {
            fault = error
        }
    }
}
