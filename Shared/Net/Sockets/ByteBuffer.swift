/// Bytes that arrive at one end and are taken from the other. Offsets, not pointers, name what is inside, so it may
/// grow.
public struct ByteBuffer: Sendable {
    private var storage: [UInt8]
    private var start = 0
    private var end = 0
    /// Capacity that an empty buffer keeps.
    private var kept = 16_384

    package init(capacity: Int = 0) { storage = [UInt8](repeating: 0, count: capacity) }

    package var count: Int { end &- start }
    package var isEmpty: Bool { end == start }

    /// The bytes that are there, without copying them.
    package var bytes: ArraySlice<UInt8> { storage[start..<end] }

    /// Lends a view of the bytes that are there. Public, since the optimiser looks into nothing that is `package`.
    @inline(__always)
    public func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(storage.span.extracting(start..<end))
    }

    /// Copies the bytes at `range`, counted from the first that is there, behind those of `target`.
    package func copy(_ range: Range<Int>, to target: inout [UInt8]) {
        target.append(contentsOf: storage[(start &+ range.lowerBound)..<min(start &+ range.upperBound, end)])
    }

    package mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "more consumed than there is")
        start &+= count
        if start == end {
            start = 0
            end = 0
            if storage.count > kept { storage = [UInt8](repeating: 0, count: kept) }
        }
    }

    /// Keeps no memory while it is empty, from now on.
    mutating func releaseMemory() {
        kept = 0
        consume(0)
    }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        reserve(bytes.count)
        for byte in bytes {
            storage[end] = byte
            end &+= 1
        }
    }

    /// Takes up to `count` bytes out.
    package mutating func take(_ count: Int = .max) -> [UInt8] {
        let taken = Array(storage[start..<(start &+ min(count, self.count))])
        consume(taken.count)
        return taken
    }

    /// Lets `body` write behind the bytes that are there; it returns how many it wrote (nothing, if negative).
    mutating func fill(atLeast room: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
        reserve(room)
        let end = end
        let written = unsafe storage.withUnsafeMutableBytes { all in
            unsafe body(UnsafeMutableRawBufferPointer(rebasing: all[end...]))
        }
        if written > 0 { self.end &+= written }
        return written
    }

    private mutating func reserve(_ room: Int) {
        if storage.count &- end >= room { return }
        if start > 0 {
            let (start, count) = (start, count)
            unsafe storage.withUnsafeMutableBytes { all in
                unsafe all.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[start..<(start &+ count)]))
            }
            self.start = 0
            end = count
        }
        if storage.count &- end < room {
            let wanted = max(end &+ room, storage.count &* 2)
            storage.append(contentsOf: repeatElement(0, count: wanted &- storage.count))
        }
    }
}
