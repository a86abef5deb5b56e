internal import Lifecycle

/// What a server's limits mean for one connection, in nanoseconds: they are compared at every request.
struct ConnectionLimits: Sendable {
    let headTime: Int64
    let keepAliveIdle: Int64
    let keepAliveAge: Int64
    let keepAliveRequests: Int
    let bodyIdle: Int64
    /// Bytes per second.
    let bodyRate: Int
    let writeIdle: Int64
    let halfCloseGrace: Int64
    let idleDrain: Int64

    init(_ limits: HTTPLimits) {
        headTime = limits.headTime.wholeNanoseconds
        keepAliveIdle = limits.keepAliveIdle.wholeNanoseconds
        keepAliveAge = limits.keepAliveAge.wholeNanoseconds
        keepAliveRequests = limits.keepAliveRequests
        bodyIdle = limits.bodyIdle.wholeNanoseconds
        bodyRate = limits.bodyRate
        writeIdle = limits.writeIdle.wholeNanoseconds
        halfCloseGrace = limits.halfCloseGrace.wholeNanoseconds
        idleDrain = limits.idleDrain.wholeNanoseconds
    }
}
