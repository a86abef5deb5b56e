package import API
import Chassis
import Crypto
package import Kernel
package import Postgres
package import SchedulingDomain
package import Sealing

/// Who waits for which time. Reasons are sealed under the patient's key.
package struct WaitlistStore: Sendable {
    let database: Database
    let keys: DataKeys<Patient>

    package init(database: Database, keys: DataKeys<Patient>) {
        self.database = database
        self.keys = keys
    }

    /// The moments that a range means: a date is the whole day in `zone`.
    package func range(
        from: DayOrInstant, to: DayOrInstant, zone: String
    ) async throws -> (from: Instant, to: Instant) {
        let bounds = Projection(
            Column<Instant>(Self.moment(from, daysLater: 0, zone)), Column<Instant>(Self.moment(to, daysLater: 1, zone))
        )
        let (start, end) = try await database.read(bounds).one
        return (start, end)
    }

    private static func moment(_ given: DayOrInstant, daysLater: Int, _ zone: String) -> SQL {
        switch given {
        case .instant(let instant): "\(instant)::timestamptz"
        case .day(let day): "(\(day)::date + \(daysLater)::integer)::timestamp at time zone \(zone)"
        }
    }

    package func insert(_ place: WaitlistPlace, tenant: ID<Tenant>, in tx: Transaction) async throws {
        var sealed: [UInt8]?
        if let reason = place.reason {
            let key = try await keys.key(of: place.patient, in: tenant, at: place.createdAt, in: tx)
            sealed = try key.key.seal(reason, authenticating: Self.associatedData(place.id))
        }
        try await tx.run(
            """
            insert into waitlist_entry (entry_id, patient_id, patient_account_id, hospital_id, department_id, doctor_id,
                from_at, to_at, status, sealed, created_at)
            values (\(place.id), \(place.patient), \(place.account), \(place.hospital), \(place.department),
                \(place.doctor), \(place.from), \(place.to), \(place.status), \(sealed), \(place.createdAt))
            """)
    }

    /// How many entries of the account wait for a time ahead, or have an offer.
    package func count(of account: ID<Account>, at now: Instant, in tx: Transaction) async throws -> Int {
        try await tx.run(Column<Int>("count(*)")) {
            """
            select \($0) from waitlist_entry w
            where w.patient_account_id = \(account)
                and (w.status = 'OFFERED' or w.status = 'WAITING' and w.to_at > \(now))
            """
        }.one
    }

    /// The account's entries, the newest first: by the number, which no index of all accounts' entries has in order.
    package func list(_ page: PageRequest, for caller: Caller) async throws -> Page<WaitlistPlace> {
        guard case .after = page.position else {
            return try await database.page(
                Self.row, from: "\(sql: Self.tables) where w.patient_account_id = \(caller.account)",
                by: "w.seq desc", page, as: Scope(caller)
            ).map(opened)
        }
        let older: SQL =
            try page.cursor().map {
                """
                and w.seq < (select o.seq from waitlist_entry o where o.entry_id = \(try $0.id(of: WaitlistEntry.self)))
                """
            } ?? ""
        let rows = try await database.read(Self.row, as: Scope(caller)) {
            """
            select \($0) from \(sql: Self.tables) where w.patient_account_id = \(caller.account) \(sql: older)
            order by w.seq desc limit \(page.size + 1)
            """
        }
        return Page(fetched: try rows.map(opened), size: page.size) { Cursor(id: $0.id).text }
    }

    /// Waits no longer; the offer it had is handed on by `ExpireOffers`. False where the account has no such entry.
    package func leave(_ id: ID<WaitlistEntry>, of account: ID<Account>, in tx: Transaction) async throws -> Bool {
        try await tx.run(
            """
            update waitlist_entry set status = 'LEFT', claim_id = null, until = null
            where entry_id = \(id) and patient_account_id = \(account) and status in ('WAITING', 'OFFERED')
            """
        ).affected > 0
    }

    static let tables: SQL = "waitlist_entry w left join claim c on c.claim_id = w.claim_id and w.status = 'OFFERED'"

    /// An entry as it is kept, and the key its reason is sealed under.
    struct Sealed: Sendable {
        let id: ID<WaitlistEntry>
        let patient: ID<Patient>
        let account: ID<Account>
        let hospital: ID<Hospital>
        let department: ID<Department>?
        let doctor: ID<Doctor>?
        let from: Instant
        let to: Instant
        let status: WaitlistStatus
        let sealed: [UInt8]?
        let createdAt: Instant
        let wrappedKey: [UInt8]?
        let until: Instant?
        let hold: ID<Claim>?
        let offeredDoctor: ID<Doctor>?
        let start: Instant?
        let end: Instant?
    }

    static let row = Projection(
        Column<ID<WaitlistEntry>>("w.entry_id"), Column<ID<Patient>>("w.patient_id"),
        Column<ID<Account>>("w.patient_account_id"), Column<ID<Hospital>>("w.hospital_id"),
        Column<ID<Department>?>("w.department_id"), Column<ID<Doctor>?>("w.doctor_id"), Column<Instant>("w.from_at"),
        Column<Instant>("w.to_at"), Column<WaitlistStatus>("w.status"), Column<[UInt8]?>("w.sealed"),
        Column<Instant>("w.created_at"),
        Column<[UInt8]?>("(select k.wrapped from data_key k where k.owner_id = w.patient_id)"),
        Column<Instant?>("w.until"), Column<ID<Claim>?>("c.claim_id"), Column<ID<Doctor>?>("c.doctor_id"),
        Column<Instant?>("c.starts"), Column<Instant?>("c.ends"), make: Sealed.init)

    func opened(_ row: Sealed) throws -> WaitlistPlace {
        var reason: String?
        if let sealed = row.sealed {
            guard let wrapped = row.wrappedKey else { throw BrokenRow("data_key", row.patient) }
            reason = try keys.key(wrapped, of: row.patient).openText(
                sealed, authenticating: Self.associatedData(row.id))
        }
        var offer: WaitlistPlace.Offer?
        if let hold = row.hold, let doctor = row.offeredDoctor, let start = row.start, let end = row.end,
            let until = row.until
        {
            offer = WaitlistPlace.Offer(hold: hold, slot: SlotID(doctor: doctor, start: start), end: end, until: until)
        }
        return WaitlistPlace(
            id: row.id, patient: row.patient, account: row.account, hospital: row.hospital,
            department: row.department, doctor: row.doctor, from: row.from, to: row.to, status: row.status,
            reason: reason, offer: offer, createdAt: row.createdAt)
    }

    private static func associatedData(_ id: ID<WaitlistEntry>) -> AssociatedData {
        AssociatedData(table: "waitlist_entry", row: id.shortText, column: "sealed")
    }
}
