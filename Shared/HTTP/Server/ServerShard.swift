internal import Kernel
internal import Lifecycle
internal import Net

/// What a server keeps on one loop: its connections there, the date of their answers, and the one timer that watches
/// over them all.
final class ServerShard: @unchecked Sendable {
    private let loop: EventLoop
    private let settings: ServerSettings
    private var connections: [ServerConnection] = []
    private var isTicking = false
    private(set) var isDraining = false
    private var date = DateLine()

    init(_ loop: EventLoop, settings: ServerSettings) {
        self.loop = loop
        self.settings = settings
    }

    func accepted(_ stream: ByteStream) {
        let connection = ServerConnection(stream, shard: self, settings: settings)
        connection.index = connections.count
        connections.append(connection)
        let released = stream.onClose
        stream.onClose = { [self] in
            remove(connection)
            connection.hasClosed()
            released?()
        }
        if settings.tls != nil { stream.pauseReading() }
        connection.task = loop.spawn("connection") { await connection.serve() }
        tickLater()
    }

    /// Appends the head of an answer with these fields, and the date.
    func appendHead(
        _ status: Status, _ headers: Headers, framing: ResponseEncoder.Framing, keepAlive: Bool, isOld: Bool = false,
        to output: inout [UInt8]
    ) {
        ResponseEncoder.appendHead(status, framing: framing, keepAlive: keepAlive, isOld: isOld, to: &output) {
            date.append(at: loop.now.nanoseconds, to: &$0)
            $0.append(all: headers.block)
        }
    }

    /// The same with the fields that `write` adds, where they leave.
    func appendHead(
        _ status: Status, framing: ResponseEncoder.Framing, keepAlive: Bool, to output: inout [UInt8],
        writing write: (inout Headers) -> Void
    ) {
        ResponseEncoder.appendHead(status, framing: framing, keepAlive: keepAlive, isOld: false, to: &output) {
            date.append(at: loop.now.nanoseconds, to: &$0)
            $0.addFields(write)
        }
    }

    func drain() {
        isDraining = true
        for connection in connections { connection.drain() }
    }

    func abort() {
        for connection in connections { connection.abort() }
    }

    private func remove(_ connection: ServerConnection) {
        guard let last = connections.popLast(), last !== connection else { return }
        connections[connection.index] = last
        last.index = connection.index
    }

    private func tickLater() {
        guard !isTicking, !connections.isEmpty else { return }
        isTicking = true
        loop.after(settings.limits.tick) { [self] in
            isTicking = false
            for connection in connections { connection.checkTime() }
            tickLater()
        }
    }
}
