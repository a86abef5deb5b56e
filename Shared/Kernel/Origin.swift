/// Who acts, and what caused it: what audit rows, access rows and events keep of their cause. A request has one; work
/// that no request started (a job, a reaction to an event, an operator's command) makes its own.
package struct Origin: Sendable, Hashable {
    /// Nil where nobody signed in, or the process acts by itself.
    package let caller: Caller?
    /// The request that caused it; where none did, the name of the work, as `job/settle accounts`.
    package let requestID: String
    /// The client's address as the gateway established it; nil where no client caused it.
    package let address: String?
    /// W3C `traceparent` of the request or event that caused it.
    package let traceparent: String?

    package init(caller: Caller?, requestID: String, address: String?, traceparent: String?) {
        self.caller = caller
        self.requestID = requestID
        self.address = address
        self.traceparent = traceparent
    }

    /// Work by the clock, or work that a request left behind: then under that request's id and address.
    package static func job(_ name: String, requestID: String? = nil, address: String? = nil) -> Origin {
        Origin(caller: nil, requestID: requestID ?? "job/\(name)", address: address, traceparent: nil)
    }

    /// What follows from an event, in that event's trace.
    package static func reaction(to event: ID<EventRecord>, traceparent: String?) -> Origin {
        Origin(caller: nil, requestID: "event/\(event)", address: nil, traceparent: traceparent)
    }

    /// What an operator does from the command line, as `command/create-admin`.
    package static func command(_ name: String) -> Origin {
        Origin(caller: nil, requestID: "command/\(name)", address: nil, traceparent: nil)
    }
}
