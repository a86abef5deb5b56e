internal import Jobs
internal import Kernel
internal import Lifecycle
package import Net
internal import Observability

/// Subscribes to channels on a connection of its own and again when it breaks. What was published meanwhile is lost,
/// so `connected` means that anything may have been missed before.
package struct RedisSubscriber: Service {
    /// What a subscriber receives.
    package enum Event: Sendable, Equatable {
        case connected
        case message(channel: String, payload: [UInt8])
    }

    package let name = "redis subscriber"
    private let settings: RedisSettings
    private let channels: [String]
    private let loop: EventLoop
    private let resolver = Resolver(pool: BlockingPool(name: "redis-names", threads: 1, queue: 4))
    private let onEvent: @Sendable (Event) -> Void
    /// How often a silent connection is asked whether it lives.
    private let heartbeat: Duration = .seconds(10)

    /// `onEvent` is called on the loop and must not block.
    package init(
        _ settings: RedisSettings, channels: [String], on loop: EventLoop, onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.settings = settings
        self.channels = channels
        self.loop = loop
        self.onEvent = onEvent
    }

    package func run() async throws {
        let shutdown = Shutdown.current
        let over = Latch()
        let task = loop.spawn("redis subscription") { [self] in
            await keepListening(unless: shutdown)
            over.fire()
        }
        let key = shutdown.onRequest { task.cancel() }
        await withTaskCancellationHandler {
            await over.wait()
        } onCancel: {
            task.cancel()
        }
        shutdown.forget(key)
    }

    private func keepListening(unless shutdown: Shutdown) async {
        let backoff = Backoff(base: .milliseconds(50), cap: .seconds(1))
        var failures = 0
        await RepeatedWork.run(unless: shutdown, wake: WakeSignal(on: loop)) {
            if let connection = try? await RedisConnection.open(settings, on: loop, resolver: resolver) {
                failures = 0
                await listen(over: connection)
            } else {
                failures = min(failures + 1, 32)
            }
            if shutdown.isRequested || Task.isCancelled { return nil }
            log.warning("the subscription to redis is down", ["failures": failures])
            return backoff.delay(failures, random: .random(in: 0..<1))
        }
    }

    /// Returns when the connection has broken or the task is cancelled.
    private func listen(over connection: RedisConnection) async {
        let subscribed = SubscribedConnection(
            connection, loop: loop, channels: channels, heartbeat: heartbeat, onEvent: onEvent)
        await withTaskCancellationHandler {
            subscribed.begin()
            await subscribed.over.wait()
        } onCancel: {
            loop.execute {
                connection.close(); subscribed.over.fire()
            }
        }
    }
}

/// One subscribed connection.
@safe private final class SubscribedConnection: @unchecked Sendable {
    let over = Latch()
    private let connection: RedisConnection
    private let loop: EventLoop
    private let channels: [String]
    private let heartbeat: Duration
    private let onEvent: @Sendable (RedisSubscriber.Event) -> Void
    private var missing: Int

    init(
        _ connection: RedisConnection, loop: EventLoop, channels: [String], heartbeat: Duration,
        onEvent: @escaping @Sendable (RedisSubscriber.Event) -> Void
    ) {
        self.connection = connection
        self.loop = loop
        self.channels = channels
        self.heartbeat = heartbeat
        self.onEvent = onEvent
        missing = channels.count
    }

    func begin() {
        if connection.isBroken { return over.fire() }
        connection.onBroken = { [over] in over.fire() }
        connection.onPush = { [weak self] in self?.take($0) }
        connection.write(["SUBSCRIBE"] + channels.map { RESPArgument($0) })
        beat()
    }

    private func take(_ value: RESPValue) {
        guard let parts = value.array, parts.count == 3, let kind = parts[0].text else { return }
        if kind == "subscribe" {
            missing -= 1
            if missing == 0 { onEvent(.connected) }
        } else if kind == "message", let channel = parts[1].text, let payload = parts[2].bytes {
            onEvent(.message(channel: channel, payload: payload))
        }
    }

    private func beat() {
        let asked = MonotonicTime.now
        connection.write(["PING"])
        loop.after(heartbeat) { [weak self] in
            guard let self, !connection.isBroken else { return }
            connection.suspect(since: asked)
            if !connection.isBroken { beat() }
        }
    }
}
