package import Kernel
package import Postgres

/// Offers as messages tell of them.
extension OfferStore {
    /// Whose time is, or was, kept for an entry.
    package struct Told: Sendable {
        package let hospital: ID<Hospital>
        package let doctor: ID<Doctor>
        /// Nil of an offer that is over.
        package let until: Instant?
    }

    /// The offer that an entry has of this start; nil once it is over.
    package func live(
        _ entry: ID<WaitlistEntry>, start: Instant, at now: Instant, in database: Database
    ) async throws -> Told? {
        try await database.read(Self.told("c.doctor_id", until: "w.until"), as: .service) {
            """
            select \($0) from waitlist_entry w join claim c on c.claim_id = w.claim_id
            where w.entry_id = \(entry) and w.status = 'OFFERED' and w.until > \(now) and c.starts = \(start)
            """
        }.first
    }

    /// The offer of this start that an entry had; nil where it waits for nothing more.
    package func passed(_ entry: ID<WaitlistEntry>, start: Instant, in database: Database) async throws -> Told? {
        try await database.read(Self.told("d.doctor_id", until: "null::timestamptz"), as: .service) {
            """
            select \($0) from waitlist_entry w join waitlist_declined d on d.entry_id = w.entry_id
            where w.entry_id = \(entry) and w.status in ('WAITING', 'OFFERED') and d.starts = \(start) limit 1
            """
        }.first
    }

    private static func told(_ doctor: SQL, until: SQL) -> Projection<Told> {
        Projection(
            Column<ID<Hospital>>("w.hospital_id"), Column<ID<Doctor>>(doctor), Column<Instant?>(until), make: Told.init)
    }
}
