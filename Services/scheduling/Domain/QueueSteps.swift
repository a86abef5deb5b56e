package import Kernel

/// What may become of a number in the queue. Steps lead back too: people come back, and buttons are pressed by mistake.
package enum QueueSteps {
    package static func allowed(from status: QueueStatus) -> [QueueStatus] {
        switch status {
        case .waiting: [.called, .inService, .skipped, .left]
        case .called: [.waiting, .inService, .skipped, .left]
        case .inService: [.called, .done, .left]
        case .done: [.inService]
        case .skipped, .left: [.waiting, .called]
        }
    }

    /// Throws `illegal_transition` with what is allowed.
    package static func check(from status: QueueStatus, to wanted: QueueStatus) throws(Problem) {
        let allowed = allowed(from: status)
        if allowed.contains(wanted) { return }
        let names = allowed.map(\.rawValue)
        throw Problem(
            .illegalTransition,
            "A \(status.rawValue) token cannot become \(wanted.rawValue); allowed: \(names.joined(separator: ", ")).",
            details: ["allowed": .texts(names)])
    }
}
