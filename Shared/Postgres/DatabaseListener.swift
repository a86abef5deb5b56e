internal import CPostgres
internal import Jobs
internal import Kernel
internal import Lifecycle
package import Net
internal import Observability
package import Pooling

/// Hears `NOTIFY` on a connection of its own, and connects again when it breaks. Notifications are a wakeSignal, not a
/// message: what was sent while the connection was away is lost, so `connected` means "look for yourself".
package struct DatabaseListener: Service {
    /// What a listener receives.
    package enum Event: Sendable, Equatable {
        /// Listening from now on; anything may have been missed before.
        case connected
        case notified(channel: String, payload: String)
    }

    package let name = "postgres listener"
    private let settings: DatabaseSettings
    private let channels: [String]
    private let loop: EventLoop
    private let gate: ReconnectGate
    private let opener = BlockingPool(name: "pg-listen", threads: 1, queue: 1)
    private let onEvent: @Sendable (Event) -> Void

    /// `channels` are plain lower-case names. `onEvent` is called on the loop and must not block.
    /// - Parameter gate: of the database that is heard, so that one that is away is not tried by both.
    package init(
        _ settings: DatabaseSettings, channels: [String], on loop: EventLoop, gate: ReconnectGate = ReconnectGate(),
        onEvent: @escaping @Sendable (Event) -> Void
    ) {
        precondition(channels.allSatisfy(DatabaseSettings.isName), "channels are plain names")
        self.settings = settings
        self.channels = channels
        self.loop = loop
        self.gate = gate
        self.onEvent = onEvent
    }

    package func run() async throws {
        let backoff = Backoff(base: .milliseconds(50), cap: .milliseconds(500))
        let shutdown = Shutdown.current
        var failures = 0
        await RepeatedWork.run(unless: shutdown, wake: WakeSignal(on: loop)) {
            let parameters = ConnectionParameters(settings, for: .notifications)
            guard gate.enter(at: .now) else {
                failures = min(failures + 1, 32)
                return backoff.delay(failures, random: .random(in: 0.5..<1))
            }
            do {
                let connection = try await opener.run { try LibpqConnection.open(parameters) }
                gate.succeeded()
                let listening = ListeningConnection(connection, on: loop, onEvent: onEvent)
                let key = shutdown.onRequest { listening.close() }
                await listening.listen(to: channels)
                shutdown.forget(key)
                failures = listening.isListening ? 0 : failures + 1
            } catch {
                (error as? ConnectionFault)?.report(schema: settings.schema)
                gate.failed(at: .now, random: .random(in: 0..<1))
                failures = min(failures + 1, 32)
            }
            if shutdown.isRequested { return nil }
            log.warning("the notification connection is down", ["failures": failures])
            return backoff.delay(failures, random: .random(in: 0..<1))
        }
    }
}

/// One listening connection until it breaks.
@safe private final class ListeningConnection: @unchecked Sendable {
    private let loop: EventLoop
    private let onEvent: @Sendable (DatabaseListener.Event) -> Void
    private let over = Latch()
    private var connection: LibpqConnection?
    private var watch: WatchID?
    private(set) var isListening = false

    init(
        _ connection: LibpqConnection, on loop: EventLoop, onEvent: @escaping @Sendable (DatabaseListener.Event) -> Void
    ) {
        self.connection = connection
        self.loop = loop
        self.onEvent = onEvent
    }

    func listen(to channels: [String]) async {
        loop.execute { [self] in begin(channels.map { "listen \($0)" }.joined(separator: ";")) }
        await withTaskCancellationHandler {
            await over.wait()
        } onCancel: {
            close()
        }
    }

    func close() { loop.execute { [self] in end() } }

    private func begin(_ statements: String) {
        guard let connection else { return }
        guard unsafe PQsetnonblocking(connection.pointer, 1) == 0,
            unsafe PQsendQuery(connection.pointer, statements) == 1
        else { return end() }
        _ = unsafe PQflush(connection.pointer)
        watch = loop.watch(connection.descriptor, readable: true, writable: false) { [weak self] _ in self?.ready() }
    }

    private func ready() {
        guard let connection else { return }
        let isAlive = unsafe PQconsumeInput(connection.pointer) == 1
        while !isListening, unsafe PQisBusy(connection.pointer) == 0 {
            guard let pointer = unsafe PQgetResult(connection.pointer) else {
                isListening = true
                onEvent(.connected)
                break
            }
            let status = unsafe ServerResult(owning: pointer).status
            if status != PGRES_COMMAND_OK { return end() }
        }
        while let note = unsafe PQnotifies(connection.pointer) {
            let (channel, payload) = unsafe (String(cString: note.pointee.relname), String(cString: note.pointee.extra))
            unsafe PQfreemem(note)
            onEvent(.notified(channel: channel, payload: payload))
        }
        if !isAlive || connection.isBroken { end() }
    }

    private func end() {
        if let watch { loop.unwatch(watch) }
        watch = nil
        connection = nil
        over.fire()
    }
}
