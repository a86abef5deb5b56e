import JSON
import Kernel
import Postgres
import Scheduling
import Testing

/// Where a query forgets to ask whose a row is, the database does not.
@Suite struct TenancyTests {
    /// Tables of the chassis: what a service tells, was told and wrote down. No endpoint reads them for a caller.
    private static let ofTheChassis: Set<String> = [
        "outbox", "handled", "dead_letter", "idempotency_key", "service_key", "migration", "chassis_migration",
        "audit_entry", "audit_key", "audit_unsealed", "audit_batch", "audit_checkpoint",
        "audit_address",
    ]
    /// What everybody needs to see which slots are free: hours, and times without names.
    private static let forEverybody: Set<String> = [
        "claim", "schedule", "weekly_hours", "schedule_exception", "exception_hours",
    ]

    @Test func `another tenant's rows stay unseen in every table but those that slots are made of`() async throws {
        try await withWorld { w in
            try await fill(w)
            let strangers: [Scope?] = [
                nil, Scope(account: "", role: ""), scope(w.people.john), scope(w.people.otherHospital),
                scope(w.people.otherDoctor),
            ]
            let tables = try await rows(w, as: .service)
            #expect(tables.values.allSatisfy { $0 > 0 }, "\(tables)")
            for stranger in strangers {
                let seen = try await rows(w, as: stranger).filter { $0.value > 0 }
                #expect(Set(seen.keys) == Self.forEverybody)
            }
        }
    }

    /// How many rows of each table are shown.
    private func rows(_ w: World, as scope: Scope?) async throws -> [String: Int] {
        let tables: [(String, SQL)] = [
            ("appointment", "appointment"), ("appointment_change", "appointment_change"), ("claim", "claim"),
            ("data_key", "data_key"), ("schedule", "schedule"), ("weekly_hours", "weekly_hours"),
            ("schedule_exception", "schedule_exception"), ("exception_hours", "exception_hours"),
            ("waitlist_entry", "waitlist_entry"), ("waitlist_declined", "waitlist_declined"), ("reminder", "reminder"),
            ("queue_day", "queue_day"), ("queue_token", "queue_token"), ("calendar_token", "calendar_token"),
        ]
        let names = try await w.database.read(Column<String>("tablename::text")) {
            "select \($0) from pg_tables where schemaname = current_schema()"
        }
        #expect(Set(names).subtracting(Self.ofTheChassis) == Set(tables.map(\.0)))
        var found: [String: Int] = [:]
        for (name, table) in tables {
            found[name] = try await w.database.read(Column<Int>("count(*)"), as: scope) {
                "select \($0) from \(sql: table)"
            }.one
        }
        return found
    }

    /// A row in each, of one hospital and its first patient.
    private func fill(_ w: World) async throws {
        let doctor = w.people.entry(of: w.people.doctorA)
        try await w.setHours(of: w.people.doctorA)
        _ = try await w.ask(
            "addScheduleException", as: w.people.hospital, id: doctor.description,
            ["kind": "hours", "date": "2027-01-08", "hours": [["start": "10:00", "end": "11:00"]]])
        let id = try await w.book(w.people.doctorA).id
        _ = try await w.assign(id, w.people.doctorA)
        _ = try await w.ask(
            "joinWaitlist", as: w.people.jane,
            ["hospital_id": .string(w.people.hospitalID.description), "from": "2027-01-07", "to": "2027-01-07"])
        try await w.database.run(
            "insert into waitlist_declined select entry_id, \(doctor), from_at from waitlist_entry", as: .service)
        _ = try await w.ask(
            "issueQueueToken", as: w.people.hospital, path: [(name: "doctor_id", value: doctor.description)],
            ["label": "Blue jacket"])
        try await w.database.run(
            """
            insert into calendar_token (account_id, token_hash, created_at)
            values (\(w.people.jane.account), \([UInt8](repeating: 7, count: 32)), now())
            """, as: .service)
    }

    private func scope(_ caller: Caller) -> Scope {
        Scope(account: caller.account.description, role: caller.role.rawValue, tenant: caller.tenant.description)
    }
}
