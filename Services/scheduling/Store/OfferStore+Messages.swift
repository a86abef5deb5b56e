package import Kernel
package import Postgres

/// Offers as messages tell of them.
extension OfferStore {
    /// Whose time is, or was, kept for an entry, and until when.
    package struct Details: Sendable {
        package let hospital: ID<Hospital>
        /// Nil where the entry was offered this start by several doctors, and which offer is meant is not known.
        package let doctor: ID<Doctor>?
        package let start: Instant
        /// Nil of an offer that is over.
        package let until: Instant?
    }

    /// The offer that an entry has, of this start where one is given; nil once it is over.
    package func live(
        _ entry: ID<WaitlistEntry>, start: Instant?, at now: Instant, in database: Database
    ) async throws -> Details? {
        try await database.read(Self.details("c.doctor_id", start: "c.starts", until: "w.until"), as: .service) {
            """
            select \($0) from waitlist_entry w join claim c on c.claim_id = w.claim_id
            where w.entry_id = \(entry) and w.status = 'OFFERED' and w.until > \(now) 
                and (\(start)::timestamptz is null or c.starts = \(start)::timestamptz)
            """
        }.first
    }

    /// The offer of this start that an entry had; nil where it waits for nothing more, and of no start.
    package func passed(_ entry: ID<WaitlistEntry>, start: Instant?, in database: Database) async throws -> Details? {
        let only: SQL = "case when count(*) = 1 then (array_agg(d.doctor_id))[1] end"
        return try await database.read(Self.details(only, start: "d.starts", until: "null::timestamptz"), as: .service)
        {
            """
            select \($0) from waitlist_entry w join waitlist_declined d on d.entry_id = w.entry_id
            where w.entry_id = \(entry) and w.status in ('WAITING', 'OFFERED') and d.starts = \(start)
            group by w.hospital_id, d.starts
            """
        }.first
    }

    private static func details(_ doctor: SQL, start: SQL, until: SQL) -> Projection<Details> {
        Projection(
            Column<ID<Hospital>>("w.hospital_id"), Column<ID<Doctor>?>(doctor), Column<Instant>(start),
            Column<Instant?>(until),
            make: Details.init)
    }
}
