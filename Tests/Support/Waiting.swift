import Lifecycle
package import Net

extension EventLoopGroup {
    /// Whether it comes to hold within ten seconds; it is looked at every few milliseconds.
    package func comesToHold(_ holds: () async throws -> Bool) async throws -> Bool {
        let deadline = Deadline.after(.seconds(10))
        while try await !holds() {
            if deadline.isPast() { return false }
            try await loops[0].sleep(.milliseconds(5))
        }
        return true
    }
}
