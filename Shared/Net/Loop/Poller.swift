internal import CLinux
internal import Glibc

/// What a watched descriptor is ready for.
package struct Readiness: Sendable, Equatable {
    package var readable: Bool
    package var writable: Bool
    /// The other side is gone, or the descriptor is broken; both flags above are then set too, so that the error is
    /// met.
    package var hangUp: Bool
    /// Closed in both directions (EPOLLHUP, EPOLLERR).
    package var isBroken = false
}

/// Names a watched descriptor of one loop; stale names are harmless.
package struct WatchID: Hashable, Sendable {
    let slot: UInt32
    let generation: UInt32
}

/// epoll, and the table of handlers by descriptor. What is left unread is reported again in each turn, unless it is
/// watched for edges: then whoever reads takes all there is.
@safe struct Poller {
    private struct Watch {
        var generation: UInt32 = 0
        var fd: Int32 = -1
        var events: UInt32 = 0
        var ready: ((Readiness) -> Void)?
    }

    private static let capacity = 256
    private static let wakeMark = UInt64.max

    private let epoll: Int32
    private let wake: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    private var watches: [Watch] = []
    private var free: [UInt32] = []

    /// A process that cannot make these two descriptors at its start cannot work at all.
    init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wake = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        precondition(epoll >= 0 && wake >= 0, "an event loop needs epoll and eventfd")
        unsafe events = .allocate(capacity: Self.capacity)
        // Edge-triggered, so that the counter never has to be read back.
        control(EPOLL_CTL_ADD, wake, EPOLLIN.rawValue | EPOLLET.rawValue, Self.wakeMark)
    }

    func close() {
        _ = Glibc.close(epoll)
        _ = Glibc.close(wake)
        unsafe events.deallocate()
    }

    /// What other threads may touch: a descriptor and nothing else, since all else here changes under the loop's hands.
    struct Waker: Sendable {
        fileprivate let descriptor: Int32

        func wake() {
            var one: UInt64 = 1
            _ = unsafe write(descriptor, &one, 8)
        }
    }

    var waker: Waker { Waker(descriptor: wake) }

    mutating func watch(_ fd: Int32, _ events: UInt32, _ ready: @escaping (Readiness) -> Void) -> WatchID {
        let slot = free.popLast() ?? UInt32(watches.count)
        if slot == watches.count { watches.append(Watch()) }
        watches[Int(slot)].fd = fd
        watches[Int(slot)].events = events
        watches[Int(slot)].ready = ready
        let id = WatchID(slot: slot, generation: watches[Int(slot)].generation)
        control(EPOLL_CTL_ADD, fd, events, id.mark)
        return id
    }

    mutating func change(_ id: WatchID, _ events: UInt32) {
        guard isLive(id), watches[Int(id.slot)].events != events else { return }
        watches[Int(id.slot)].events = events
        control(EPOLL_CTL_MOD, watches[Int(id.slot)].fd, events, id.mark)
    }

    mutating func unwatch(_ id: WatchID) {
        guard isLive(id) else { return }
        control(EPOLL_CTL_DEL, watches[Int(id.slot)].fd, 0, 0)
        watches[Int(id.slot)].generation &+= 1
        watches[Int(id.slot)].fd = -1
        watches[Int(id.slot)].ready = nil
        free.append(id.slot)
    }

    /// Waits at most `milliseconds` (-1: until something happens); the number of events that can be taken.
    func wait(_ milliseconds: Int32) -> Int {
        let count = unsafe epoll_wait(epoll, events, Int32(Self.capacity), milliseconds)
        return max(Int(count), 0)
    }

    /// The handler of the `index`-th event and the event; nil when its handler is gone.
    func event(_ index: Int) -> (((Readiness) -> Void), Readiness)? {
        let event = unsafe events[index]
        let mark = unsafe event.data.u64
        if mark == Self.wakeMark { return nil }
        let id = WatchID(slot: UInt32(truncatingIfNeeded: mark), generation: UInt32(truncatingIfNeeded: mark >> 32))
        guard isLive(id), let ready = watches[Int(id.slot)].ready else { return nil }
        let broken = unsafe event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        let readiness = unsafe Readiness(
            readable: broken || event.events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0,
            writable: broken || event.events & EPOLLOUT.rawValue != 0,
            hangUp: broken || event.events & EPOLLRDHUP.rawValue != 0, isBroken: broken)
        return (ready, readiness)
    }

    /// - Parameter edge: edge-triggered (EPOLLET): reported once, not in each turn.
    static func interest(readable: Bool, writable: Bool, hangUp: Bool = false, edge: Bool = false) -> UInt32 {
        (edge ? EPOLLET.rawValue : 0) | (readable ? EPOLLIN.rawValue : 0) | (writable ? EPOLLOUT.rawValue : 0)
            | (hangUp ? EPOLLRDHUP.rawValue : 0)
    }

    private func isLive(_ id: WatchID) -> Bool {
        let slot = Int(id.slot)
        return slot < watches.count && watches[slot].generation == id.generation && watches[slot].ready != nil
    }

    private func control(_ operation: Int32, _ fd: Int32, _ events: UInt32, _ mark: UInt64) {
        var event = unsafe epoll_event()
        unsafe event.events = events
        unsafe event.data.u64 = mark
        _ = unsafe epoll_ctl(epoll, operation, fd, &event)
    }
}

extension WatchID {
    fileprivate var mark: UInt64 { UInt64(slot) | UInt64(generation) << 32 }
}
