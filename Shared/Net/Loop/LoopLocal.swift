/// One value per loop of a group, touched only on its own loop and therefore without a lock: caches, counters, pools.
@safe package final class LoopLocal<Value>: @unchecked Sendable {
    private final class Box {
        var value: Value
        init(_ value: Value) { self.value = value }
    }

    private let loops: [EventLoop]
    private let boxes: [Box]

    package init(_ group: EventLoopGroup, make: () -> Value) {
        loops = group.loops
        boxes = group.loops.map { _ in Box(make()) }
    }

    /// The calling loop's value; nil for a caller on no loop of the group.
    package func with<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result? {
        guard let loop = EventLoop.current, loop.index < boxes.count, loops[loop.index] === loop else { return nil }
        return try body(&boxes[loop.index].value)
    }
}
