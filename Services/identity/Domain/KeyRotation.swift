package import Kernel

/// When signing keys come and go: the next is published before it signs, the last stays published until nothing it
/// signed can still be valid. A verifier that reads the key set once a day never meets an unknown key.
package struct KeyRotation: Sendable, Equatable {
    /// How long a key signs.
    package let life: Duration
    /// How long before it signs it is published.
    package let notice: Duration
    /// How long after its last signature it stays published.
    package let overlap: Duration

    package init(
        life: Duration = .seconds(90 * 86_400), notice: Duration = .seconds(86_400),
        overlap: Duration = .seconds(8 * 86_400)
    ) {
        self.life = life
        self.notice = notice
        self.overlap = overlap
    }

    /// One key's times; `kid` names it.
    package struct Key: Sendable, Equatable {
        package let kid: String
        package let signsFrom: Instant
        package init(kid: String, signsFrom: Instant) {
            self.kid = kid
            self.signsFrom = signsFrom
        }
    }

    /// The key that signs: the latest whose time has come.
    package func signer(among keys: [Key], at now: Instant) -> Key? {
        keys.filter { $0.signsFrom <= now }.max { $0.signsFrom < $1.signsFrom }
    }

    /// From when a new key should sign, if one should be made now: at once when there is none, else after its notice.
    package func nextSigns(among keys: [Key], at now: Instant) -> Instant? {
        guard let latest = keys.map(\.signsFrom).max() else { return now }
        guard now + notice >= latest + life else { return nil }
        return max(now + notice, latest + life)
    }

    /// Keys no verifier needs any more: those whose successor has signed for longer than the overlap.
    package func retired(among keys: [Key], at now: Instant) -> [Key] {
        let sorted = keys.sorted { $0.signsFrom < $1.signsFrom }
        return zip(sorted, sorted.dropFirst()).filter { now >= $1.signsFrom + overlap }.map(\.0)
    }
}
