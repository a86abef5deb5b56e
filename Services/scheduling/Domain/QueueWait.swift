/// How long somebody in the queue will wait.
package enum QueueWait {
    /// How many of the day's last visits count.
    package static let sample = 10
    /// With fewer the slot's length is taken.
    package static let enough = 3

    /// Minutes until it is one's turn.
    /// - Parameters:
    ///   - serviceMinutes: how long the day's last visits took, at most `sample` of them.
    ///   - slotMinutes: the doctor's slot length.
    package static func minutes(ahead: Int, serviceMinutes: [Int], slotMinutes: Int) -> Int {
        let sorted = serviceMinutes.sorted()
        guard sorted.count >= enough else { return ahead * slotMinutes }
        let middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle] + 1) / 2
        return ahead * median
    }
}
