/// The parameters of one statement as libpq wants them: pointers into one piece of memory, each text closed by a zero.
struct BoundValues {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// Nil when a text holds a zero byte, which PostgreSQL cannot store and C would take for its end.
    init?(_ values: [SQLParameter]) {
        offsets.reserveCapacity(values.count)
        lengths.reserveCapacity(values.count)
        formats.reserveCapacity(values.count)
        bytes.reserveCapacity(values.count * 40)
        for value in values {
            let start = bytes.count
            switch value {
            case .null: break
            case .text(let text): bytes.append(contentsOf: text.utf8)
            case .utf8(let text): bytes.append(contentsOf: text)
            case .bytes(let raw): bytes.append(contentsOf: raw)
            }
            let isBinary = if case .bytes = value { true } else { false }
            if !isBinary, bytes[start...].contains(0) { return nil }
            guard let length = Int32(exactly: bytes.count - start) else { return nil }
            offsets.append(value == .null ? nil : start)
            lengths.append(length)
            formats.append(isBinary ? 1 : 0)
            bytes.append(0)
        }
    }

    var count: Int32 { Int32(truncatingIfNeeded: offsets.count) }

    func withPointers<Result>(
        _ body: (
            _ values: UnsafePointer<UnsafePointer<CChar>?>?, _ lengths: UnsafePointer<Int32>?,
            _ formats: UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        guard !offsets.isEmpty else { return body(nil, nil, nil) }
        return unsafe bytes.withUnsafeBytes { memory in
            let start = unsafe memory.assumingMemoryBound(to: CChar.self).baseAddress
            let pointers = unsafe offsets.map { offset in unsafe offset.flatMap { unsafe start?.advanced(by: $0) } }
            return unsafe pointers.withUnsafeBufferPointer { pointers in
                unsafe body(pointers.baseAddress, lengths, formats)
            }
        }
    }
}
