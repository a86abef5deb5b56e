/// Names a timer of one loop; stale names are harmless.
package struct TimerID: Hashable, Sendable {
    let slot: UInt32
    let generation: UInt32
}

/// The timers of one loop: a binary heap by (time, order of setting), cancelled ones skipped when they surface.
struct TimerHeap {
    private struct Entry {
        let time: Int64
        let order: UInt64
        let id: TimerID

        func isBefore(_ other: Entry) -> Bool { time < other.time || (time == other.time && order < other.order) }
    }

    private struct Slot {
        var generation: UInt32 = 0
        var work: (() -> Void)?
    }

    private var heap: [Entry] = []
    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private var order: UInt64 = 0
    private(set) var live = 0

    mutating func set(at time: Int64, _ work: @escaping () -> Void) -> TimerID {
        let slot = takeSlot()
        slots[Int(slot)].work = work
        let id = TimerID(slot: slot, generation: slots[Int(slot)].generation)
        order &+= 1
        live += 1
        heap.append(Entry(time: time, order: order, id: id))
        siftUp(heap.count - 1)
        return id
    }

    /// Whether the timer had neither fired nor been cancelled.
    @discardableResult
    mutating func cancel(_ id: TimerID) -> Bool {
        guard isLive(id) else { return false }
        release(id)
        if heap.count > 64, heap.count > live * 2 { rebuild() }
        return true
    }

    /// The time of the earliest live timer.
    mutating func next() -> Int64? {
        while let first = heap.first {
            if isLive(first.id) { return first.time }
            removeFirst()
        }
        return nil
    }

    /// The work of the earliest timer that is due at `now`.
    mutating func takeDue(_ now: Int64) -> (() -> Void)? {
        guard let time = next(), time <= now, let id = heap.first?.id else { return nil }
        let work = slots[Int(id.slot)].work
        removeFirst()
        release(id)
        return work
    }

    private func isLive(_ id: TimerID) -> Bool {
        let slot = slots[Int(id.slot)]
        return slot.generation == id.generation && slot.work != nil
    }

    private mutating func takeSlot() -> UInt32 {
        if let slot = free.popLast() { return slot }
        slots.append(Slot())
        return UInt32(slots.count - 1)
    }

    private mutating func release(_ id: TimerID) {
        slots[Int(id.slot)].work = nil
        slots[Int(id.slot)].generation &+= 1
        free.append(id.slot)
        live -= 1
    }

    private mutating func rebuild() {
        heap = heap.filter { isLive($0.id) }.sorted { $0.isBefore($1) }
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        siftDown(0)
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least])
            {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
