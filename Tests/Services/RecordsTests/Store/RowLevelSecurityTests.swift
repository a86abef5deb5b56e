import Chassis
import JSON
import Kernel
import Lifecycle
import Postgres
import Records
import RecordsDomain
import Testing

/// What the database itself shows whom, whatever a store's query forgets.
struct RowLevelSecurityTests {
    @Test func `health is shown to its patient and to a doctor whose grant is in force`() async throws {
        try await withWorld { world async throws in
            _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
            let all = world.everybody
            #expect(try await world.seen("patient_health", by: all) == ["patient ada"])
            let grant = try await world.grant(.breakGlass, on: world.adasRecord, to: world.emily)
            #expect(try await world.seen("patient_health", by: all) == ["patient ada", "doctor emily"])
            try await world.change(grant, "expires_at = clock_timestamp()")
            #expect(try await world.seen("patient_health", by: all) == ["patient ada"])
            try await world.change(grant, "expires_at = granted_at + interval '30 minutes', revoked_at = now()")
            #expect(try await world.seen("patient_health", by: all) == ["patient ada"])
            try await world.grant(.otp, on: world.evesRecord, to: world.raj)
            #expect(try await world.seen("patient_health", by: all) == ["patient ada"])
        }
    }

    @Test func `a grant is shown to its patient, doctor, hospital and administrators`() async throws {
        try await withWorld { world async throws in
            try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            #expect(
                try await world.seen("access_grant", by: world.everybody) == [
                    "patient ada", "doctor emily", "hospital", "admin",
                ])
        }
    }

    @Test func `codes and what was asked are shown to nobody`() async throws {
        try await withWorld { world async throws in
            world.people.state.withLock { $0.phones["+12125550123"] = [world.adasRecord] }
            _ = try await world.ask()
            _ = await world.refusal("000000")
            for table in ["access_code", "access_code_asked", "access_code_wrong"] {
                #expect(try await world.seen(table, by: world.everybody).isEmpty == true, "\(table)")
            }
        }
    }

    @Test func `nobody makes a grant or a row in another's name`() async throws {
        try await withWorld { world async throws in
            for caller in [world.raj, world.ada, world.hospital, world.staff] {
                await #expect(throws: DatabaseError.self) {
                    try await world.database.run(
                        """
                        insert into access_grant (grant_id, patient_id, doctor_account, way, expires_at)
                        values (\(ID<AccessGrant>.make(at: world.clock.now)), \(world.adasRecord),
                            \(world.emily.account), 'otp', now() + interval '10 minutes')
                        """, as: Scope(caller))
                }
            }
        }
    }
}

extension World {
    var everybody: [(name: String, caller: Caller)] {
        [
            ("patient ada", ada), ("patient eve", eve), ("doctor emily", emily), ("doctor raj", raj),
            ("hospital", hospital), ("other hospital", World.caller(41, .hospital, at: 200)), ("admin", admin),
            ("staff", staff),
        ]
    }

    /// Who is shown rows of a table when nothing but the policies filters.
    func seen(_ table: String, by everybody: [(name: String, caller: Caller)]) async throws -> [String] {
        var names: [String] = []
        for (name, caller) in everybody {
            let count = try await database.read(Column<Int>("count(*)"), as: Scope(caller)) {
                switch table {
                case "patient_health": "select \($0) from patient_health"
                case "access_grant": "select \($0) from access_grant"
                case "access_code": "select \($0) from access_code"
                case "access_code_asked": "select \($0) from access_code_asked"
                default: "select \($0) from access_code_wrong"
                }
            }
            if count != [0] { names.append(name) }
        }
        return names
    }
}
