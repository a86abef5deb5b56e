/// Multipart bodies: whole, and cut in small pieces; both must give the same parts or fail alike, and what is taken as
/// a name holds no folder.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzMultipart(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let whole = read(bytes, step: max(1, count))
    let parts = read(bytes, step: 1 + count % 7)
    precondition(whole == parts, "a cut changed the outcome")
    for head in whole.heads {
        precondition(!head.name.isEmpty)
        precondition(head.fileName?.contains(where: { $0 == "/" || $0 == "\\" }) != true)
    }
    return 0
}

private struct Outcome: Equatable {
    var heads: [MultipartHead] = []
    var contents: [[UInt8]] = []
    var fault: MultipartFault?
}

private func read(_ bytes: [UInt8], step: Int) -> Outcome {
    var outcome = Outcome()
    guard let boundary = try? MultipartBoundary(contentType: "multipart/form-data; boundary=AaB03x") else {
        return outcome
    }
    var limits = MultipartLimits()
    limits.fields = 4_096
    limits.file = 4_096
    var parser = MultipartParser(boundary, limits: limits)
    var (start, buffer) = (0, [UInt8]())
    do throws(MultipartFault) {
        while start < bytes.count {
            let end = min(start + step, bytes.count)
            buffer += bytes[start..<end]
            start = end
            buffer.removeFirst(try steps(over: buffer, &parser, &outcome))
            precondition(buffer.count <= 4_097 + 76, "too much was left unread")
        }
        try parser.finish()
    } catch {
        outcome.fault = error
    }
    // Where a limit is passed depends on how much is looked at together; that it is passed does not.
    if outcome.fault?.isExcess == true { outcome = Outcome(fault: outcome.fault) }
    return outcome
}

private func steps(
    over buffer: [UInt8], _ parser: inout MultipartParser, _ outcome: inout Outcome
) throws(MultipartFault) -> Int {
    var index = 0
    while true {
        switch try parser.next(buffer.span, at: &index) {
        case .part(let head):
            outcome.heads.append(head)
            outcome.contents.append([])
        case .data(let range): outcome.contents[outcome.contents.count - 1] += buffer[range]
        case .partEnd, .end: break
        case .needsMore: return index
        }
    }
}
