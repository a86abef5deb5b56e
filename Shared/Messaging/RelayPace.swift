import Lifecycle

/// How soon the relay looks again. The first event after a quiet time leaves at once; what is committed within a moment
/// of it leaves together; while there is something in each of these moments, nobody has to wake the relay.
struct RelayPace: Sendable {
    enum Next: Sendable, Equatable {
        /// Sleep until woken.
        case sleep
        /// What is committed in the next moment leaves together; sleep then, if nothing woke meanwhile.
        case gather
        /// Look again after the moment, unasked.
        case lookAgain
    }

    /// Empty looks after which it sleeps again.
    static let emptyLooksBeforeSleep = 5

    private let moment: Duration
    private var lastMove: MonotonicTime?
    private var emptyLooks = 0
    /// It looks unasked: nothing has to wake it.
    private(set) var isBusy = false

    init(moment: Duration) { self.moment = moment }

    /// - Parameter moved: how many events the look that ended at `now` has moved.
    mutating func looked(moved: Int, at now: MonotonicTime) -> Next {
        if moved > 0 {
            let isSoon = lastMove.map { $0.duration(to: now) < moment * 4 } ?? false
            lastMove = now
            emptyLooks = 0
            isBusy = isBusy || isSoon
            return isBusy ? .lookAgain : .gather
        }
        emptyLooks += 1
        if isBusy, emptyLooks < Self.emptyLooksBeforeSleep { return .lookAgain }
        isBusy = false
        return .sleep
    }
}
