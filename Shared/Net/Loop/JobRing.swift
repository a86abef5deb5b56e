/// The jobs of one loop that wait for their turn: a ring that grows by doubling and never shrinks. Loop thread only.
struct JobRing {
    private var slots: [UnownedJob?]
    private var head = 0
    private(set) var count = 0

    init(capacity: Int = 256) { slots = Array(repeating: nil, count: capacity) }

    var isEmpty: Bool { count == 0 }

    mutating func push(_ job: UnownedJob) {
        if count == slots.count { grow() }
        slots[(head &+ count) & (slots.count &- 1)] = job
        count &+= 1
    }

    mutating func pop() -> UnownedJob? {
        guard count > 0 else { return nil }
        let job = slots[head]
        head = (head &+ 1) & (slots.count &- 1)
        count &-= 1
        return job
    }

    private mutating func grow() {
        var larger = Array(slots[head...] + slots[..<head])
        larger.append(contentsOf: repeatElement(nil, count: slots.count))
        slots = larger
        head = 0
    }
}
