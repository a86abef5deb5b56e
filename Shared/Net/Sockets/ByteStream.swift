internal import CLinux
internal import Glibc
package import Lifecycle

/// A connected socket on a loop, with or without TLS: what arrives is read eagerly into `input` up to a high-water
/// mark, what is put into `output` leaves in one write. It belongs to its loop: nothing of it may be touched from
/// another thread. What to do next is decided by its `StreamMachine`.
@safe package final class ByteStream: @unchecked Sendable {
    /// Above it nothing more is read (or should be produced) until some is taken away.
    package static let highWater = 65_536
    /// Bytes that are thrown away at most while lingering: the rest of an upload that was refused.
    static let lingerLimit = 16_777_216
    static let readRoom = 4_096
    /// Bytes of memory that `output` keeps for the next answer: enough for one resource. A page's leave with it, since
    /// many streams wait and few send.
    static let keptOutput = 8_192

    package let loop: EventLoop
    /// Who is at the other end.
    package let peer: SocketAddress?
    package internal(set) var input = ByteBuffer()
    /// Bytes to be sent; append to it, then `flush`, or `flushSoon` to have them sent with all else of this turn.
    package var output: [UInt8] = []
    /// Told once, on the loop, when the stream ends: its input (`nil`), or as a whole.
    package var onEnd: ((StreamFailure?) -> Void)?
    /// Asked first when bytes have come: whether they were dealt with on the spot, so that nobody need be woken.
    package var onInput: (() -> Bool)?
    /// Told once when the descriptor is closed.
    package var onClose: (() -> Void)?

    /// Stored out of sight of other modules: the compiler knows then that no two accesses overlap, and asks nothing of
    /// each.
    struct State {
        var machine = StreamMachine()
        var lastRead: MonotonicTime
        var lastWrite: MonotonicTime
        var bytesRead = 0
        /// Bytes of `output` that have left.
        var sent = 0
        /// Bytes that were thrown away while lingering.
        var discarded = 0
        var failure: StreamFailure?
        var isFlushPlanned = false
        /// What was sent leaves its memory behind for the next.
        var keepsOutput = true
        /// The last read took as much as there was room for, so there may be more.
        var hasFilledRoom = false
    }

    var state: State
    let fd: Int32
    var tls: TLSSession? { didSet { isSecure = tls != nil } }
    var watch: WatchID?
    var reader: UnsafeContinuation<Bool, Never>?
    var writer: UnsafeContinuation<Void, Never>?
    /// Who waits for a connect or a handshake, and what it is tried with.
    var opener: UnsafeContinuation<Void, Never>?
    var attempt: (() -> Transfer)?

    /// Takes over a connected, non-blocking descriptor. Call it on the loop.
    package init(fd: Int32, peer: SocketAddress?, loop: EventLoop) {
        self.fd = fd
        self.peer = peer
        self.loop = loop
        state = State(lastRead: loop.now, lastWrite: loop.now)
        watchInput()
    }

    package private(set) var isSecure = false
    package var isOpen: Bool { state.machine.isOpen }
    /// The other side sends no more.
    package var isAtEnd: Bool { state.machine.input == .ended }
    /// Nothing more is read for now, so what has come is not all there is.
    package var isPaused: Bool { state.machine.isPaused }
    /// Set once the stream is of no more use.
    package var failure: StreamFailure? { state.failure }
    /// When bytes last arrived.
    package var lastRead: MonotonicTime { state.lastRead }
    package var bytesRead: Int { state.bytesRead }
    /// Since when the other side has taken nothing of what waits to be sent; `nil` while it takes all.
    package var stalledSince: MonotonicTime? { state.machine.output == .ready ? nil : state.lastWrite }
    /// How much has come and was not taken away.
    package var available: Int { input.count }
    /// How much waits to be sent.
    package var pending: Int { output.count &- state.sent }

    // MARK: Input

    /// Sends what is in `output` with all else of this turn, and waits until more has arrived; `false` when nothing
    /// will ever come.
    package func fill() async -> Bool {
        if pending > 0 { flushSoon() }
        return await wait()
    }

    /// Waits until more has arrived; `false` when nothing will ever come. What is in `output` stays there.
    package func wait() async -> Bool {
        resumeReading()
        switch state.machine.wait() {
        case .more: return true
        case .never: return false
        case .suspend: break
        }
        return await unsafe withUnsafeContinuation { continuation in
            unsafe precondition(reader == nil, "two readers of one stream")
            unsafe reader = continuation
        }
    }

    /// Whether the system holds something we have not seen: bytes, an end, an error. Asks it, so it costs a call.
    package var isReadable: Bool {
        guard isOpen else { return true }
        var entry = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) > 0
    }

    /// Lets the waiting `fill` return `false` without closing: its owner has something else to say.
    package func interruptReader() {
        if state.machine.interrupt() { resumeReader(false) }
    }

    /// Lets whoever waits, or will wait next, look at what has come: it was not dealt with on the spot after all.
    package func wake() {
        if state.machine.wake() { resumeReader(true) }
    }

    /// Goes on reading where that was stopped at the high-water mark, once enough was taken away.
    package func readOn() { resumeReading() }

    /// Reads nothing until somebody waits for bytes, or TLS begins: the first bytes of its other side are not ours to
    /// take.
    package func pauseReading() {
        state.machine.pause()
        updateInterest()
    }

    /// From now on nothing is kept for the next bytes: for streams that are silent most of the time.
    package func releaseMemory() {
        input.releaseMemory()
        state.keepsOutput = false
    }

    package func consume(_ count: Int) { input.consume(count) }

    package func take(_ count: Int = .max) -> [UInt8] { input.take(count) }

    // MARK: Output

    /// Sends at the end of this turn of the loop, or with many others before, together with whatever else is put into
    /// `output` until then.
    package func flushSoon() {
        if state.isFlushPlanned { return }
        state.isFlushPlanned = true
        loop.flushAtEndOfTurn(self)
    }

    func flushNow() {
        state.isFlushPlanned = false
        flush()
    }

    /// Sends, and waits until less than the high-water mark is left; throws when the stream has failed.
    package func drain(below mark: Int = highWater) async throws(StreamFailure) {
        flush()
        while pending >= max(mark, 1), isOpen {
            await unsafe withUnsafeContinuation { continuation in
                unsafe precondition(writer == nil, "two writers of one stream")
                unsafe writer = continuation
            }
        }
        if let failure { throw failure }
    }

    /// Sends what is left and then shuts the write side down.
    package func finish() {
        state.machine.finish()
        flush()
        if pending == 0 { sayEnd() }
    }

    // MARK: The end

    /// Closes now; what is unsent is lost, and everyone who waits on the stream gets an error.
    package func close(_ reason: StreamFailure = .closed) {
        guard state.machine.close() else { return }
        state.failure = reason
        let (ended, closed) = (onEnd, onClose)
        onEnd = nil
        onClose = nil
        onInput = nil
        if let watch { loop.unwatch(watch) }
        watch = nil
        attempt = nil
        if let tls, pending == 0, state.machine.ending == .none { _ = tls.finish() }
        tls = nil
        _ = Glibc.close(fd)
        interruptReader()
        resumeWriter()
        resumeOpener()
        ended?(reason)
        closed?()
    }

    /// Sends what is left, says so, and then reads on for a moment without looking, so that the last answer is not
    /// destroyed by the reset that closing with unread input would cause.
    package func closeLingering(_ timeout: Duration = .seconds(2)) {
        guard isOpen else { return }
        if state.machine.linger(isAllSent: pending == 0) { return close() }
        onEnd = nil
        input.consume(input.count)
        finish()
        guard isOpen else { return }
        updateInterest()
        loop.after(timeout) { [weak self] in self?.close(.timedOut) }
    }

    // MARK: Who waits

    private func resumeReader(_ hasMore: Bool) {
        let waiting = unsafe reader.take()
        unsafe waiting?.resume(returning: hasMore)
    }

    func resumeWriter() {
        let waiting = unsafe writer.take()
        unsafe waiting?.resume()
    }

    func resumeOpener() {
        let waiting = unsafe opener.take()
        unsafe waiting?.resume()
    }
}
