import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct PurgeClaimsTests {
    private func claims(_ w: World) async throws -> Set<ID<Claim>> {
        Set(try await w.database.read(Column<ID<Claim>>("claim_id")) { "select \($0) from claim" })
    }

    /// A claim at this hour that held until so many seconds ago.
    private func ended(_ w: World, hour: String, _ kind: String, secondsAgo: Int64) async throws -> ID<Claim> {
        let start = "2027-01-05T\(hour):00:00Z"
        let id = try await w.claim(w.people.doctorA, w.people.janesRecord, from: start, kind: kind)
        let end = w.clock.now - .seconds(secondsAgo)
        try await w.database.run(
            "update claim set claimed_at = \(end - .seconds(60)), held_until = \(end) where claim_id = \(id)",
            as: .service)
        return id
    }

    @Test func `what ended a day ago is removed, and nothing that may still be asked for`() async throws {
        try await withWorld { w in
            let day: Int64 = 86_400
            for (hour, kind) in [("09", "hold"), ("10", "offer"), ("11", "appointment")] {
                _ = try await ended(w, hour: hour, kind, secondsAgo: day + 1)
            }
            let recent = try await ended(w, hour: "12", "hold", secondsAgo: day - 1)
            let visit = try await w.claim(w.people.doctorA, w.people.janesRecord, from: "2027-01-05T13:00:00Z")
            // Nobody could hand this offer on for a day: its entry has it still.
            let offer = try await ended(w, hour: "14", "offer", secondsAgo: day + 1)
            try await w.database.run(
                """
                insert into waitlist_entry (entry_id, patient_id, patient_account_id, hospital_id, from_at, to_at, status,
                    claim_id, until, created_at)
                values (\(ID<WaitlistEntry>.make(at: w.clock.now)), \(w.people.janesRecord), \(w.people.jane.account),
                    \(w.people.hospitalID), \(w.clock.now), \(w.clock.now + .seconds(day)), 'OFFERED', \(offer),
                    \(w.clock.now), \(w.clock.now))
                """, as: .service)
            #expect(try await !w.composition.schedules.purgeClaims.run())
            #expect(try await claims(w) == [recent, visit, offer])
        }
    }
}
