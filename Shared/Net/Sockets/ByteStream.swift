internal import CLinux
internal import Glibc
package import Lifecycle

/// A connected socket on a loop, with or without TLS: what arrives is read eagerly into `input` up to a high-water mark, what is
/// put into `output` leaves in one write. It belongs to its loop: nothing of it may be touched from another thread.
@safe package final class ByteStream: @unchecked Sendable {
    /// Above it nothing more is read (or should be produced) until some is taken away.
    package static let highWater = 65_536
    static let readRoom = 4_096

    package let loop: EventLoop
    /// Who is at the other end.
    package let peer: SocketAddress?
    package internal(set) var input = ByteBuffer()
    /// Bytes to be sent; append to it, then `flush`, or `flushSoon` to have them sent with all else of this turn.
    package var output: [UInt8] = []
    /// When bytes last arrived.
    package var lastRead: MonotonicTime { state.lastRead }
    package var bytesRead: Int { state.bytesRead }
    /// The other side sends no more.
    package var isAtEnd: Bool { state.isAtEnd }
    /// Set once the stream is of no more use.
    package var failure: StreamFailure? { state.failure }
    /// Told once, on the loop, when the stream ends: its input (`nil`), or as a whole.
    package var onEnd: ((StreamFailure?) -> Void)?
    /// Asked first when bytes have come: whether they were dealt with on the spot, so that nobody need be woken.
    package var onInput: (() -> Bool)?
    /// Told once when the descriptor is closed.
    package var onClose: (() -> Void)?

    /// What others may see of it. Stored out of their sight: the compiler knows then that no two accesses overlap, and asks nothing
    /// of each.
    private struct State {
        var lastRead: MonotonicTime
        var bytesRead = 0
        var isAtEnd = false
        var failure: StreamFailure?
    }

    private var state: State
    let fd: Int32
    var tls: TLSSession? { didSet { isSecure = tls != nil } }
    private var watch: WatchID?
    private(set) var sent = 0
    private var lastWrite: MonotonicTime
    private var isBlocked = false
    /// Nothing more is read for now, so what has come is not all there is.
    package private(set) var isPaused = false
    private var isFinishing = false
    private var isFlushPlanned = false
    private var hasHungUp = false
    private var hasSaidEnd = false
    /// TLS has something of its own to say before it can go on reading, or to hear before it can go on writing.
    private var readWaitsToWrite = false
    private var writeWaitsToRead = false
    /// Bytes came while nobody waited for them.
    private var hasGrown = false
    /// The last read took as much as there was room for, so there may be more.
    var hasFilledRoom = false
    private var discards = false
    private var discarded = 0
    private var reader: UnsafeContinuation<Bool, Never>?
    private var writer: UnsafeContinuation<Void, Never>?
    var opener: UnsafeContinuation<Void, Never>?
    var step: (() -> Transfer)?

    /// Takes over a connected, non-blocking descriptor. Call it on the loop.
    package init(fd: Int32, peer: SocketAddress?, loop: EventLoop) {
        self.fd = fd
        self.peer = peer
        self.loop = loop
        state = State(lastRead: loop.now)
        lastWrite = loop.now
        watchInput()
    }

    /// Told once of what comes, not in each turn until it is read: whoever reads takes all there is. The end of the other side
    /// is asked for with it, since it may come with the last bytes, when nothing more will be told.
    private func watchInput() {
        watch = loop.watch(fd, readable: true, writable: false, hangUp: true, edge: true) { [self] in isReady($0) }
    }

    package private(set) var isSecure = false
    package var isOpen: Bool { failure == nil }
    /// Since when the other side has taken nothing of what waits to be sent; `nil` while it takes all.
    package var stalledSince: MonotonicTime? { isBlocked ? lastWrite : nil }
    /// How much has come and was not taken away.
    package var available: Int { input.count }
    /// How much waits to be sent.
    package var pending: Int { output.count &- sent }

    // MARK: Input

    /// Sends what is in `output` with all else of this turn, and waits until more has arrived; `false` when nothing will ever come.
    package func fill() async -> Bool {
        if pending > 0 { flushSoon() }
        return await wait()
    }

    /// Waits until more has arrived; `false` when nothing will ever come. What is in `output` stays there.
    package func wait() async -> Bool {
        if isPaused { resumeReading() }
        guard failure == nil else { return false }
        if hasGrown {
            hasGrown = false
            return true
        }
        guard !isAtEnd else { return false }
        return await unsafe withUnsafeContinuation { continuation in
            unsafe precondition(reader == nil, "two readers of one stream")
            unsafe reader = continuation
        }
    }

    /// Whether the system holds something we have not seen: bytes, an end, an error. Asks it, so it costs a call.
    package var isReadable: Bool {
        guard failure == nil else { return true }
        var entry = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) > 0
    }

    /// Lets the waiting `fill` return `false` without closing: its owner has something else to say.
    package func interruptReader() { wakeReader(false) }

    /// Lets whoever waits, or will wait next, look at what has come: it was not dealt with on the spot after all.
    package func wake() {
        if unsafe reader == nil { hasGrown = true } else { wakeReader(true) }
    }

    /// Goes on reading where that was stopped at the high-water mark, once enough was taken away.
    package func readOn() {
        if isPaused { resumeReading() }
    }

    package func consume(_ count: Int) { input.consume(count) }

    package func take(_ count: Int = .max) -> [UInt8] { input.take(count) }

    // MARK: Output

    /// Sends at once what can be sent; the rest follows when the socket takes it.
    package func flush() {
        guard !isBlocked, failure == nil, step == nil, sent < output.count else { return }
        while sent < output.count {
            switch send() {
            case .moved(let count):
                sent &+= count
                lastWrite = loop.now
            case .waitsToWrite: return block()
            case .waitsToRead:
                writeWaitsToRead = true
                return block()
            case .ended: return close(.closed)
            case .failed(let failure): return close(failure)
            }
        }
        didSendAll()
    }

    /// Reads nothing until somebody waits for bytes, or TLS begins: the first bytes of its other side are not ours to take.
    package func holdReading() {
        isPaused = true
        updateInterest()
    }

    /// Sends at the end of this turn of the loop, or with many others before, together with whatever else is put into `output` until
    /// then.
    package func flushSoon() {
        if isFlushPlanned { return }
        isFlushPlanned = true
        loop.flushAtEndOfTurn(self)
    }

    func flushNow() {
        isFlushPlanned = false
        flush()
    }

    /// Sends, and waits until less than the high-water mark is left; throws when the stream has failed.
    package func drain(below mark: Int = highWater) async throws(StreamFailure) {
        flush()
        while pending >= max(mark, 1), failure == nil {
            await unsafe withUnsafeContinuation { continuation in
                unsafe precondition(writer == nil, "two writers of one stream")
                unsafe writer = continuation
            }
        }
        if let failure { throw failure }
    }

    /// Sends what is left and then tells the other side that no more will come.
    package func finish() {
        isFinishing = true
        flush()
        if pending == 0, failure == nil { halfClose() }
    }

    /// Closes now; what is unsent is lost, and everyone who waits on the stream is told.
    package func close(_ reason: StreamFailure = .closed) {
        guard failure == nil else { return }
        state.failure = reason
        let ended = onEnd
        let closed = onClose
        onEnd = nil
        onClose = nil
        onInput = nil
        if let watch { loop.unwatch(watch) }
        watch = nil
        step = nil
        if let tls, pending == 0, !isFinishing { _ = tls.finish() }
        tls = nil
        _ = Glibc.close(fd)
        wakeReader(false)
        wakeWriter()
        wakeOpener()
        ended?(reason)
        closed?()
    }

    /// Sends what is left, says so, and then reads on for a moment without looking, so that the last answer is not destroyed by
    /// the reset that closing with unread input would cause.
    package func closeLingering(_ timeout: Duration = .seconds(1)) {
        guard failure == nil else { return }
        if isAtEnd, pending == 0 { return close() }
        discards = true
        onEnd = nil
        input.consume(input.count)
        isPaused = false
        finish()
        guard failure == nil else { return }
        updateInterest()
        loop.after(timeout) { [weak self] in self?.close(.timedOut) }
    }

    // MARK: Events

    private func isReady(_ readiness: Readiness) {
        if step != nil { return advance() }
        if readiness.writable, readWaitsToWrite {
            readWaitsToWrite = false
            updateInterest()
            read()
        }
        if readiness.readable, !isAtEnd, !isPaused { read(toEnd: readiness.hangUp) }
        if readiness.writable || writeWaitsToRead, failure == nil { unblock() }
        if readiness.hangUp, isPaused || isAtEnd && readiness.isBroken, failure == nil { hungUp() }
    }

    /// The other side left while we were not reading: told once, since what it sent before still waits to be read.
    private func hungUp() {
        let signs = condition()
        let isOver = signs & Int16(POLLHUP) != 0
        if signs & Int16(POLLERR) != 0 || isOver && isAtEnd {
            return close(.socket(SocketError(operation: "read", code: ECONNRESET)))
        }
        hasHungUp = true
        updateInterest()
        // A hang-up of both directions is told in every turn, wanted or not: nobody listens until somebody reads on.
        if isOver, let watch {
            loop.unwatch(watch)
            self.watch = nil
        }
        let ended = onEnd
        onEnd = nil
        ended?(nil)
    }

    /// What the system says of the descriptor whatever is asked: an error, a hang-up of both directions.
    private func condition() -> Int16 {
        var entry = pollfd(fd: fd, events: 0, revents: 0)
        return unsafe poll(&entry, 1, 0) > 0 ? entry.revents : 0
    }

    func read(toEnd: Bool = false) {
        var progress = 0
        var hasEnded = false
        reading: while failure == nil {
            switch receive() {
            case .moved(let count):
                progress &+= count
                if discards { discard() }
                if input.count >= Self.highWater {
                    isPaused = true
                    updateInterest()
                    break reading
                }
                // A plain socket that did not fill the room has no more; what TLS has already unpacked is not told again.
                if tls == nil, !hasFilledRoom, !toEnd { break reading }
            case .waitsToRead: break reading
            case .waitsToWrite:
                readWaitsToWrite = true
                updateInterest()
                break reading
            case .ended:
                // Known at once; told when the last bytes were.
                (state.isAtEnd, hasEnded) = (true, true)
                break reading
            case .failed(let failure):
                close(failure)
            }
        }
        if progress > 0 { tell(progress) }
        if hasEnded, failure == nil { endInput() }
    }

    private func tell(_ progress: Int) {
        state.lastRead = loop.now
        state.bytesRead &+= progress
        if let onInput, onInput() { return }
        wake()
    }

    private func discard() {
        discarded &+= input.count
        input.consume(input.count)
        if discarded > 1_048_576 { close(.closed) }
    }

    private func endInput() {
        state.isAtEnd = true
        updateInterest()
        if discards, pending == 0 { return close() }
        wakeReader(false)
        let ended = onEnd
        onEnd = nil
        ended?(nil)
    }

    private func block() {
        isBlocked = true
        lastWrite = loop.now
        updateInterest()
    }

    private func unblock() {
        guard isBlocked else { return }
        isBlocked = false
        writeWaitsToRead = false
        flush()
        if isFinishing, !isBlocked, pending == 0, failure == nil { halfClose() }
        if !isBlocked { updateInterest() }
        if pending < Self.highWater { wakeWriter() }
    }

    private func didSendAll() {
        sent = 0
        output.removeAll(keepingCapacity: output.capacity <= 2 * Self.highWater)
        if isFinishing { halfClose() }
        wakeWriter()
    }

    /// Says once that no more will come; again when the socket had no room for TLS to say so.
    private func halfClose() {
        if hasSaidEnd || isBlocked { return }
        if let tls, tls.finish() == .waitsToWrite { return block() }
        hasSaidEnd = true
        _ = shutdown(fd, Int32(SHUT_WR))
        if discards, isAtEnd { close() }
    }

    func resumeReading() {
        guard input.count < Self.highWater, failure == nil else { return }
        isPaused = false
        if watch == nil { watchInput() }
        updateInterest()
        if tls?.hasPendingInput == true { read() }
    }

    func updateInterest() {
        setInterest(readable: !isPaused && !isAtEnd, writable: isBlocked && !writeWaitsToRead || readWaitsToWrite)
    }

    func setInterest(readable: Bool, writable: Bool) {
        guard let watch else { return }
        loop.change(
            watch, readable: readable, writable: writable, hangUp: readable || isPaused && !hasHungUp, edge: true)
    }

    // MARK: Who waits

    private func wakeReader(_ hasMore: Bool) {
        guard let waiting = unsafe reader else { return }
        unsafe reader = nil
        unsafe waiting.resume(returning: hasMore)
    }

    private func wakeWriter() {
        guard let waiting = unsafe writer else { return }
        unsafe writer = nil
        unsafe waiting.resume()
    }

    func wakeOpener() {
        guard let waiting = unsafe opener else { return }
        unsafe opener = nil
        unsafe waiting.resume()
    }
}
