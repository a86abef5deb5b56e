import API
import Kernel
import Lifecycle
import Net
import Notifier
import NotifierDomain
import Testing

/// One event as a client reads it.
struct ReadEvent: Sendable, Equatable {
    var id: String?
    var name: String?
    var data: String?

    init(_ block: Substring) {
        for line in block.split(separator: "\n") {
            if line.hasPrefix("id: ") { id = String(line.dropFirst(4)) }
            if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { data = String(line.dropFirst(6)) }
        }
    }
}

/// A client's end of one stream, without a socket: what was written is read as a browser reads it.
final class ReadStream: EventOutput {
    private struct State {
        var text = ""
        var isOver = false
        var reads = Int.max
        var close: (@Sendable (EventStreamEnd) -> Void)?
    }

    private let state = Locked(State())
    private let changed = Locked<[Latch]>([])

    func write(_ bytes: [UInt8]) {
        state.withLock { $0.text += String(decoding: bytes, as: UTF8.self) }
        tell()
    }

    /// How many events the client reads; what is written beyond waits for it.
    var reads: Int {
        get { state.withLock { $0.reads } }
        set { state.withLock { $0.reads = newValue } }
    }
    var isBehind: Bool { reads < .max && numbers.count > reads }

    func end() { end(.ended) }

    private func end(_ why: EventStreamEnd) {
        let close = state.withLock { state in
            state.isOver = true
            return state.close.take()
        }
        close?(why)
        tell()
    }

    /// The client leaves.
    func leave() { end(.left) }

    private func tell() {
        let waiting = changed.withLock { latches in
            defer { latches = [] }
            return latches
        }
        for latch in waiting { latch.fire() }
    }

    var text: String { state.withLock { $0.text } }
    var isOver: Bool { state.withLock { $0.isOver } }
    /// All events, without comments and `retry`.
    var events: [ReadEvent] {
        text.split(separator: "\n\n").map(ReadEvent.init).filter { $0.data != nil }
    }
    /// The numbers of what happened, in the order they came.
    var numbers: [Int] {
        events.filter { $0.name?.contains(".") == true }.compactMap { $0.id.flatMap { Int($0) } }
    }

    /// Returns once it holds, whenever something was written.
    func wait(until isTrue: @escaping @Sendable (ReadStream) -> Bool) async {
        while !isTrue(self) {
            let latch = Latch()
            changed.withLock { $0.append(latch) }
            if isTrue(self) { return }
            await latch.wait()
        }
    }

    /// Opens it as the server does.
    func open(_ stream: EventStream<LiveEventView>) throws {
        guard case .events(let subscribe) = stream.answered.content else { throw Problem.internalError }
        let close = subscribe(self)
        state.withLock { $0.close = close }
    }
}
