package import Net

/// What one client may cost a server. The figures are those of the hardening page; tests make them small.
package struct HTTPLimits: Sendable {
    package var head = HeadLimits.default
    /// The whole head, from the first byte expected to the last.
    package var headTime = Duration.seconds(10)
    package var handshakeTime = Duration.seconds(5)
    /// The longest silence while a body is awaited, and the time before the rate is looked at.
    package var bodyIdle = Duration.seconds(10)
    /// Bytes per second a body must bring after `bodyIdle`.
    package var bodyRate = 1_024
    /// All waiting for one body; a handler may allow more.
    package var bodyTime = Duration.seconds(60)
    package var bodyBytes = RequestBody.defaultLimit
    /// Longer than the proxies in front of us keep their side: one that sends when we just close has lost its request.
    package var keepAliveIdle = Duration.seconds(75)
    package var keepAliveRequests = 1_000
    package var keepAliveAge = Duration.seconds(3_600)
    /// The longest time without a byte of an answer being taken.
    package var writeIdle = Duration.seconds(30)
    /// How long a handler goes on for a client that has closed its sending half (it may only be waiting).
    package var halfCloseGrace = Duration.seconds(1)
    /// When an answer is no longer worth anything, counted from the head.
    package var requestTime = Duration.seconds(60)
    /// How long open requests may go on once the server is asked to stop.
    package var drain = Duration.seconds(20)
    /// How long an idle connection is still listened to then.
    package var idleDrain = Duration.milliseconds(300)
    /// How often the above are looked at.
    package var tick = Duration.milliseconds(250)
    package var connections = Listener.Caps()

    package init() {}
}
