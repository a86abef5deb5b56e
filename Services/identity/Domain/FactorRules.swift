package import Kernel

/// When a code of an authenticator counts (RFC 6238): steps of 30 s, one early or late, each once.
package enum FactorRules {
    package static let digits = 6
    /// Seconds a code is shown.
    package static let stepSeconds: Int64 = 30
    /// Random bytes of a secret: 160 bits, as RFC 4226 §4 recommends.
    package static let secretBytes = 20
    /// How long an enrolment waits to be confirmed.
    package static let enrolmentLife: Duration = .seconds(15 * 60)

    package static func step(at now: Instant) -> Int64 { now.seconds / stepSeconds }

    /// The steps whose codes are good now, for clocks that differ by less than one; none up to the last that was used,
    /// so that a code which was overheard is worth nothing.
    package static func openSteps(at now: Instant, after last: Int64?) -> [Int64] {
        let current = step(at: now)
        return [current, current - 1, current + 1].filter { $0 > last ?? -1 }
    }

    /// Who must have a second factor and has none may do nothing but set one up.
    package static func mustEnrol(_ role: Role, hasFactor: Bool, isRequiredOfAdmins: Bool) -> Bool {
        isRequiredOfAdmins && role == .admin && !hasFactor
    }
}

/// How long someone waits who keeps guessing codes. Only who has the password or a session comes so far, so it may grow
/// longer than that of a login: four are free, then 1 s, doubling to 15 min. That leaves a guesser about 100 tries a
/// day, each with three codes of a million. Recovery codes, which nobody guesses, never wait: the owner always gets in.
package enum FactorBackoff {
    package static let longest: Duration = .seconds(15 * 60)

    /// The waits in seconds after 1, 2, … wrong codes until they stop growing.
    package static let delays: [Int64] = (1...(LoginBackoff.freeFailures + 11)).map { failures in
        guard failures > LoginBackoff.freeFailures else { return 0 }
        return min(1 << Int64(failures - LoginBackoff.freeFailures - 1), longest.components.seconds)
    }
}
