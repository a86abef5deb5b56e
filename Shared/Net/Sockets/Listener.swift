internal import CLinux
internal import Glibc
internal import Lifecycle

/// A listening address served by every loop of a group: for TCP each loop has a socket of its own and the kernel
/// spreads the connections, a unix socket is shared. Connections past the caps are closed at once.
package final class Listener: Sendable {
    /// Caps on open connections, in all and per IPv4 address or IPv6 /64, and the length of the kernel's queue.
    package struct Caps: Sendable {
        package var connections = 10_000
        package var perAddress = 100
        /// Whose connections are not capped by address: a proxy's are those of many clients.
        package var isExempt: @Sendable (SocketAddress) -> Bool = { _ in false }
        package var backlog: Int32 = 1_024
        /// Told on the listener's loop of each connection that is not taken.
        package var onRefusal: @Sendable (AcceptRefusal) -> Void = { _ in }

        package init() {}
    }

    /// How long a loop leaves its listener alone when the process is out of descriptors.
    private static let pauseTime = Duration.milliseconds(50)
    private static let perTurn = 64

    private let group: EventLoopGroup
    private let counts: ConnectionCounts
    private let isExempt: @Sendable (SocketAddress) -> Bool
    private let onRefusal: @Sendable (AcceptRefusal) -> Void
    private let sockets: [Int32]
    private let accept: @Sendable (ByteStream) -> Void
    private let watches: Locked<[Int: WatchID]>
    private let isClosed = Locked(false)
    /// Where it really listens: the port is filled in when 0 was asked for.
    package let address: SocketAddress

    /// Binds and listens; `accept` is called on the loop that a new connection belongs to.
    package init(
        _ address: SocketAddress, group: EventLoopGroup, caps: Caps = Caps(),
        accept: @escaping @Sendable (ByteStream) -> Void
    ) throws(SocketError) {
        self.group = group
        self.accept = accept
        isExempt = caps.isExempt
        onRefusal = caps.onRefusal
        counts = ConnectionCounts(total: caps.connections, perAddress: caps.perAddress)
        watches = Locked([:])
        (sockets, self.address) = try Self.open(address, count: group.count, backlog: caps.backlog)
        for loop in group.loops { loop.execute { [self] in listen(on: loop) } }
    }

    package var connections: Int { counts.count }

    /// Accepts no more; connections that are open stay. Returns when every loop has let go.
    package func close() async {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        for loop in group.loops {
            let done = Latch()
            loop.execute { [self] in
                stopListening(on: loop)
                _ = Glibc.close(sockets[loop.index])
                done.fire()
            }
            await done.wait()
        }
        if case .unix(let path) = address { unsafe unlink(path) }
    }

    // MARK: On a loop

    private func listen(on loop: EventLoop) {
        guard !isClosed.withLock({ $0 }) else { return }
        let id = loop.watch(sockets[loop.index], readable: true, writable: false) { [self] _ in takeWaiting(on: loop) }
        watches.withLock { $0[loop.index] = id }
    }

    private func stopListening(on loop: EventLoop) {
        if let id = watches.withLock({ $0.removeValue(forKey: loop.index) }) { loop.unwatch(id) }
    }

    private func takeWaiting(on loop: EventLoop) {
        for _ in 0..<Self.perTurn {
            do {
                let (fd, peer) = try Socket.accept(sockets[loop.index])
                admit(fd, peer, on: loop)
            } catch {
                if error.code == ECONNABORTED || error.code == EINTR { continue }
                if error.code != EAGAIN {
                    onRefusal(.system)
                    pause(on: loop)
                }
                return
            }
        }
    }

    /// Out of descriptors or memory: trying again in this turn would spin.
    private func pause(on loop: EventLoop) {
        stopListening(on: loop)
        loop.after(Self.pauseTime) { [self] in listen(on: loop) }
    }

    private func admit(_ fd: Int32, _ peer: SocketAddress?, on loop: EventLoop) {
        let network = peer.flatMap { isExempt($0) ? nil : $0.network }
        if let refusal = counts.admit(network) {
            onRefusal(refusal)
            _ = Glibc.close(fd)
            return
        }
        if peer?.port != nil { Socket.sendAtOnce(fd) }
        let stream = ByteStream(fd: fd, peer: peer, loop: loop)
        stream.onClose = { [counts] in counts.release(network) }
        accept(stream)
    }

    // MARK: Opening

    private static func open(
        _ address: SocketAddress, count: Int, backlog: Int32
    ) throws(SocketError) -> ([Int32], SocketAddress) {
        let first = try open(address, backlog)
        guard address.port != nil else {
            var all = [first]
            for _ in 1..<max(count, 1) { all.append(fcntl(first, F_DUPFD_CLOEXEC, 0)) }
            return (all, address)
        }
        let bound = Socket.localAddress(first) ?? address
        var all = [first]
        for _ in 1..<max(count, 1) { all.append(try open(bound, backlog)) }
        return (all, bound)
    }

    private static func open(_ address: SocketAddress, _ backlog: Int32) throws(SocketError) -> Int32 {
        let fd = try Socket.make(for: address)
        if case .unix(let path) = address {
            unsafe unlink(path)
        } else {
            Socket.set(fd, SOL_SOCKET, SO_REUSEADDR)
            Socket.set(fd, SOL_SOCKET, SO_REUSEPORT)
        }
        do throws(SocketError) {
            try Socket.bind(fd, to: address)
            guard Glibc.listen(fd, backlog) == 0 else { throw SocketError.last("listen") }
        } catch {
            _ = Glibc.close(fd)
            throw error
        }
        return fd
    }
}
