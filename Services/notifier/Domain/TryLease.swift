/// How long one try may take: a message in flight when its sender dies is tried again after the lease, so it is short;
/// a try that outlived its lease could be doubled, so each part of it is bounded, and the parts are less than the
/// whole.
package enum TryLease {
    /// Claiming, asking how to reach the recipient and finding the words; beyond it nothing is sent.
    package static let writing: Duration = .seconds(12)
    /// Connecting to the provider, up to its last word.
    package static let sending: Duration = .seconds(20)
    /// Between two tries to note the result, which go on for as long as the lease lasts.
    package static let settling: Duration = .milliseconds(300)
    package static let whole: Duration = .seconds(45)
}
