package import Kernel
import Postgres
package import RecordsDomain

/// Whom askings and wrong codes are counted for.
package enum AccessCodeParty: Sendable, Hashable {
    case doctor(ID<Account>)
    case patient(ID<Patient>)
    /// A phone that nobody has: its keyed hash, in hexadecimal.
    case phone(String)

    var text: String {
        switch self {
        case .doctor(let account): "doctor/\(account)"
        case .patient(let id): "patient/\(id)"
        case .phone(let mark): "phone/\(mark)"
        }
    }
}

/// Counts who asked for codes and who typed wrong ones, in the service's own name. Parties are taken in the order of
/// their texts, so that two who count the same ones never wait for each other in a ring.
package struct AccessCodeTally: Sendable {
    let rules: AccessCodeRules

    package init(rules: AccessCodeRules) { self.rules = rules }

    /// - Throws: `rate_limited` when one of them asked too often.
    func ask(_ parties: [AccessCodeParty], at now: Instant, in tx: Transaction) async throws {
        for who in Set(parties.map(\.text)).sorted() {
            try await tx.run("select pg_advisory_xact_lock(hashtextextended(\(who), 12))")
            try await tx.run("delete from access_code_asked where who = \(who) and at <= \(now - rules.window)")
            let row = Projection(Column<Int>("count(*)"), Column<Instant?>("min(at)"))
            let (count, first) = try await tx.run(row) {
                "select \($0) from access_code_asked where who = \(who)"
            }.one
            if count >= rules.askings { throw Self.tooMany(until: (first ?? now) + rules.window, at: now) }
            try await tx.run("insert into access_code_asked (who, at) values (\(who), \(now))")
        }
    }

    /// Counts a try as wrong before it is looked at.
    /// - Throws: `rate_limited` when one of them tried too often today.
    func tryOnce(_ parties: [AccessCodeParty], at now: Instant, in tx: Transaction) async throws {
        let dayAgo = now - AccessCodeRules.day
        for who in Set(parties.map(\.text)).sorted() {
            let row = Projection(Column<Int>("counted.wrong"), Column<Instant>("counted.since"))
            let (wrong, since) = try await tx.run(row) {
                """
                insert into access_code_wrong as counted (who, since, wrong) values (\(who), \(now), 1)
                on conflict (who) do update set
                    wrong = case when counted.since <= \(dayAgo) then 1 else counted.wrong + 1 end,
                    since = case when counted.since <= \(dayAgo) then excluded.since else counted.since end
                returning \($0)
                """
            }.one
            if wrong > AccessCodeRules.wrongPerDay { throw Self.tooMany(until: since + AccessCodeRules.day, at: now) }
        }
    }

    /// A try was not wrong after all.
    func giveBack(_ parties: [AccessCodeParty], in tx: Transaction) async throws {
        for who in Set(parties.map(\.text)).sorted() {
            try await tx.run("update access_code_wrong set wrong = wrong - 1 where who = \(who) and wrong > 0")
        }
    }

    private static func tooMany(until end: Instant, at now: Instant) -> Problem {
        Problem(
            .rateLimited, "Too many tries. Please try again later.",
            retryAfter: max((end - now).secondsRoundedUp, 1))
    }
}
