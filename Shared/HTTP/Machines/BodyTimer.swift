/// How long the body of one request has been waited for. Times are nanoseconds on the loop's clock.
struct BodyTimer: Sendable, Equatable {
    /// All waiting for this body together; each request may have its own.
    var timeout = Int64.max
    /// The client sends its body after `100 Continue`, which was not sent yet.
    private(set) var expectsContinue = false
    /// The body did not come in time; whoever waited for it was interrupted.
    private(set) var isTooSlow = false
    /// Since when more is awaited; `nil` while nobody asks for more.
    private var waitsSince: Int64?
    private var waited: Int64 = 0
    private var bytes = 0

    init() {}

    init(expectsContinue: Bool, timeout: Int64) {
        self.expectsContinue = expectsContinue
        self.timeout = timeout
    }

    /// More of the body is awaited from now on; whether `100 Continue` must be sent first.
    mutating func beginWaiting(at now: Int64) -> Bool {
        waitsSince = now
        defer { expectsContinue = false }
        return expectsContinue
    }

    mutating func endWaiting(at now: Int64) {
        waited &+= now &- (waitsSince ?? now)
        waitsSince = nil
    }

    mutating func received(_ count: Int) { bytes &+= count }

    /// Whether the body is slower than allowed. It is judged only while more is awaited: a handler that takes its time
    /// is not the client's fault.
    mutating func expires(at now: Int64, lastRead: Int64, _ limits: ConnectionLimits) -> Bool {
        guard let waitsSince else { return false }
        let total = waited &+ (now &- waitsSince)
        let isSilent = now &- max(lastRead, waitsSince) > limits.bodyIdle
        guard isSilent || total > timeout || isBelowRate(total, limits) else { return false }
        isTooSlow = true
        return true
    }

    /// The rate is looked at once the body has been waited for longer than a silence may last.
    private func isBelowRate(_ total: Int64, _ limits: ConnectionLimits) -> Bool {
        guard total > limits.bodyIdle else { return false }
        let seconds = Double(total &- limits.bodyIdle) / 1_000_000_000
        return Double(bytes) < seconds * Double(limits.bodyRate)
    }
}
