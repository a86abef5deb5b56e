/// Chunked bodies: whole, and byte by byte; both must give the same body, end at the same place or fail alike.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzChunks(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let whole = read(bytes, step: max(1, count))
    let parts = read(bytes, step: 1 + count % 7)
    precondition(whole == parts, "a cut changed the outcome")
    return 0
}

private struct Outcome: Equatable {
    var content: [UInt8] = []
    var end: Int?
    var fault: MessageFault?
}

private func read(_ bytes: [UInt8], step: Int) -> Outcome {
    var outcome = Outcome()
    var parser = ChunkParser()
    var start = 0
    do throws(MessageFault) {
        while start < bytes.count {
            let part = Array(bytes[start..<min(start + step, bytes.count)])
            var place = 0
            stepping: while true {
                switch try parser.next(part.span, at: &place) {
                case .data(let range): outcome.content += part[range]
                case .needsMore: break stepping
                case .end:
                    outcome.end = start + place
                    return outcome
                }
            }
            precondition(place == part.count)
            start += part.count
        }
    } catch {
        outcome.fault = error
    }
    return outcome
}
