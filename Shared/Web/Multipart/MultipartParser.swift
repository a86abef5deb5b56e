import HTTP

/// What the next bytes of a multipart body are.
package enum MultipartEvent: Sendable, Equatable {
    /// A part begins.
    case part(MultipartHead)
    /// Bytes of the part's content, at these positions.
    case data(Range<Int>)
    /// The part is whole.
    case partEnd
    /// The last part was whole; what follows is passed over.
    case end
    /// What is left must be shown again with more behind it.
    case needsMore
}

/// Reads multipart/form-data (RFC 7578, RFC 2046 §5.1) strictly: lines end with CRLF, every part has a name, and a line
/// that begins as the boundary does is one or a fault. It keeps no bytes: what it does not step over it wants to see
/// again.
package struct MultipartParser: Sendable {
    private enum State: Sendable, Equatable {
        /// Nothing has come: the first boundary needs no CRLF before it.
        case start
        case preamble
        /// A boundary was read; the line goes on.
        case boundary
        case header(MultipartHeadDraft)
        case content
        /// The last boundary was read; the line goes on.
        case lastBoundary
        case epilogue
    }

    /// The file's limit may be set until its first byte is read.
    package var limits: MultipartLimits
    private let delimiter: [UInt8]
    private var state = State.start
    private var parts = 0
    private var isFile = false
    /// Bytes of the header, or of what stands around the parts, that were stepped over.
    private var headerBytes = 0
    private var fieldBytes = 0
    private var fileBytes = 0

    package init(_ boundary: MultipartBoundary, limits: MultipartLimits = MultipartLimits()) {
        delimiter = boundary.delimiter
        self.limits = limits
    }

    /// One step over `bytes`, from `index`, which is moved behind what was read.
    package mutating func next(_ bytes: Span<UInt8>, at index: inout Int) throws(MultipartFault) -> MultipartEvent {
        while true {
            let event: MultipartEvent?
            switch state {
            case .start: event = start(bytes, &index)
            case .preamble: event = try preamble(bytes, &index)
            case .boundary: event = try boundary(bytes, &index)
            case .header(let draft): event = try header(bytes, &index, draft)
            case .content: event = try content(bytes, &index)
            case .lastBoundary: event = try lastBoundary(bytes, &index)
            case .epilogue:
                try count(bytes.count - index)
                index = bytes.count
                return .needsMore
            }
            if let event { return event }
        }
    }

    /// The body has ended.
    package func finish() throws(MultipartFault) {
        guard state == .lastBoundary || state == .epilogue else { throw .cutShort }
    }

    // MARK: Around the parts

    private mutating func start(_ bytes: Span<UInt8>, _ index: inout Int) -> MultipartEvent? {
        switch match(bytes, at: index, skipping: 2) {
        case .whole:
            index += delimiter.count - 2
            state = .boundary
        case .none: state = .preamble
        case .begun: return .needsMore
        }
        return nil
    }

    private mutating func preamble(
        _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(MultipartFault) -> MultipartEvent? {
        let (end, isWhole) = nextDelimiter(bytes, from: index)
        try count(end - index)
        index = end
        guard isWhole else { return .needsMore }
        index += delimiter.count
        state = .boundary
        return nil
    }

    /// Behind a boundary: two hyphens if it is the last, else blanks that a gateway may have added, and CRLF.
    private mutating func boundary(
        _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(MultipartFault) -> MultipartEvent? {
        if headerBytes == 0, index < bytes.count, bytes[index] == UInt8(ascii: "-") {
            guard index + 1 < bytes.count else { return .needsMore }
            guard bytes[index + 1] == UInt8(ascii: "-") else { throw .badDelimiter }
            index += 2
            state = .lastBoundary
            return .end
        }
        guard try endOfLine(bytes, &index) else { return .needsMore }
        guard parts < limits.parts else { throw .tooManyParts }
        parts += 1
        headerBytes = 0
        state = .header(MultipartHeadDraft())
        return nil
    }

    private mutating func lastBoundary(
        _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(MultipartFault) -> MultipartEvent? {
        guard try endOfLine(bytes, &index) else { return .needsMore }
        state = .epilogue
        return nil
    }

    /// Blanks, then CRLF; false when more is needed.
    private mutating func endOfLine(_ bytes: Span<UInt8>, _ index: inout Int) throws(MultipartFault) -> Bool {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 {
            index += 1
            try count(1)
        }
        guard index < bytes.count else { return false }
        guard bytes[index] == 0x0D else { throw .badDelimiter }
        guard index + 1 < bytes.count else { return false }
        guard bytes[index + 1] == 0x0A else { throw .badDelimiter }
        index += 2
        return true
    }

    private mutating func count(_ bytes: Int) throws(MultipartFault) {
        headerBytes += bytes
        if headerBytes > limits.header { throw .headerTooLong }
    }

    // MARK: A part

    private mutating func header(
        _ bytes: Span<UInt8>, _ index: inout Int, _ draft: MultipartHeadDraft
    ) throws(MultipartFault) -> MultipartEvent? {
        var end = index
        while end < bytes.count, bytes[end] != 0x0A {
            end += 1
            if end - index > limits.header - headerBytes { throw .headerTooLong }
        }
        guard end < bytes.count else { return .needsMore }
        guard end > index, bytes[end - 1] == 0x0D else { throw .badHeader }
        let line = (index..<end - 1).map { bytes[$0] }
        try count(end + 1 - index)
        index = end + 1
        var draft = draft
        if !line.isEmpty {
            try draft.add(line)
            state = .header(draft)
            return nil
        }
        let head = try draft.head(limits)
        headerBytes = 0
        fileBytes = 0
        isFile = head.fileName != nil
        state = .content
        return .part(head)
    }

    private mutating func content(_ bytes: Span<UInt8>, _ index: inout Int) throws(MultipartFault) -> MultipartEvent {
        let (end, isWhole) = nextDelimiter(bytes, from: index)
        if end > index {
            defer { index = end }
            if isFile {
                fileBytes += end - index
                if fileBytes > limits.file { throw .fileTooLarge }
            } else {
                fieldBytes += end - index
                if fieldBytes > limits.fields { throw .fieldsTooLong }
            }
            return .data(index..<end)
        }
        guard isWhole else { return .needsMore }
        index += delimiter.count
        state = .boundary
        return .partEnd
    }

    // MARK: The boundary

    private enum Match { case whole, begun, none }

    /// Where the next delimiter begins, or may begin with more bytes; the end of all where there is none.
    private func nextDelimiter(_ bytes: Span<UInt8>, from start: Int) -> (index: Int, isWhole: Bool) {
        var index = ByteSearch.first(0x0D, in: bytes, from: start)
        while index < bytes.count {
            switch match(bytes, at: index, skipping: 0) {
            case .whole: return (index, true)
            case .begun: return (index, false)
            case .none: index = ByteSearch.first(0x0D, in: bytes, from: index &+ 1)
            }
        }
        return (index, false)
    }

    /// Whether the delimiter, but for its first bytes, stands there.
    private func match(_ bytes: Span<UInt8>, at start: Int, skipping skipped: Int) -> Match {
        var offset = skipped
        while offset < delimiter.count {
            let index = start &+ offset &- skipped
            if index >= bytes.count { return .begun }
            if bytes[index] != delimiter[offset] { return .none }
            offset &+= 1
        }
        return .whole
    }
}
