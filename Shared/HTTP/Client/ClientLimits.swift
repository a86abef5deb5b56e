/// What a client allows its upstreams, each figure per upstream and loop.
package struct ClientLimits: Sendable {
    package var head = HeadLimits.default
    package var connectTime = Duration.seconds(1)
    /// As many are also kept while unused: closing some at each lull and opening them again costs more.
    package var connections = 64
    /// Shorter than a server keeps its side, so that we seldom meet a connection that is being closed.
    package var idleTime = Duration.seconds(50)
    /// Requests that may wait for a connection, and for how long, its opening included.
    package var waiters = 256
    package var waitTime = Duration.seconds(1)
    /// How often deadlines are looked at.
    package var tick = Duration.milliseconds(50)

    package init() {}
}
