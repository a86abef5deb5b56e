import Kernel
import Lifecycle
import Net
import Postgres
import TestSupport
import Testing

struct DatabaseTests {
    @Test func `values of all kinds come back as they were`() async throws {
        try await withDatabase { database, _, _ in
            let id = ID<String>.make(at: Instant(seconds: 1_700_000_000))
            let now = Instant(microseconds: 1_767_225_599_123_456)
            let row = try await database.read(
                """
                select \("O'Hara \\ \" {,}")::text, \(42)::int, \(true)::bool, \(now)::timestamptz, \(id)::uuid,
                    \([0, 255, 92] as [UInt8])::bytea, \(["a", "b \"c\\", "NULL"])::text[], \([Int64]())::bigint[],
                    \(nil as String?)::text, \(CalendarDate("1980-02-29"))::date, \(1.5)::float8, \([1, nil, 3] as [Int?])::int[],
                    \(JSONText(Array(#"{"a":1}"#.utf8)))::jsonb
                """
            ).one
            #expect(try row.text(0) == "O'Hara \\ \" {,}")
            #expect(try row.integer(1) == 42)
            #expect(try row.bool(2))
            #expect(try row.instant(3) == now)
            #expect(try row.id(4, of: String.self) == id)
            #expect(try row.bytes(5) == [0, 255, 92])
            #expect(try row.decode(6, as: [String].self) == ["a", "b \"c\\", "NULL"])
            #expect(try row.decode(7, as: [Int64].self) == [])
            #expect(try row.optionalText(8) == nil)
            #expect(try row.date(9) == CalendarDate("1980-02-29"))
            #expect(try row.decode(10, as: Double.self) == 1.5)
            #expect(try row.decode(11, as: [Int?].self) == [1, nil, 3])
            #expect(try row.decode(12, as: JSONText.self) == JSONText(Array(#"{"a": 1}"#.utf8)))
            #expect(throws: DecodingFault.self) { try row.text(8) }
            #expect(throws: DecodingFault.self) { try row.integer(0) }
            #expect(throws: DecodingFault.self) { try row.text(99) }
        }
    }

    @Test func `a text with a zero byte is refused before it is sent`() async throws {
        try await withDatabase { database, _, _ in
            let error = await #expect(throws: DatabaseError.self) { try await database.read("select \("a\0b")") }
            #expect(error?.sqlState == "22021")
            let row = try await database.read("select 1").one
            #expect(try row.integer(0) == 1)
        }
    }

    @Test func `a failing read spares the others of its batch`() async throws {
        try await withDatabase { database, _, _ in
            let outcomes = await withTaskGroup(of: (Int, Int?).self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let sql: SQL = number % 10 == 3 ? "select 1 / (\(number) - \(number))" : "select \(number)::int"
                        return (number, try? await database.read(sql).one.integer(0))
                    }
                }
                return await group.reduce(into: [Int: Int?]()) { $0[$1.0] = $1.1 }
            }
            for number in 0..<40 { #expect(outcomes[number] == .some(number % 10 == 3 ? nil : number)) }
        }
    }

    @Test func `reads cannot write`() async throws {
        try await withDatabase(prepared: "create table t (n int)") { database, _, _ in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read("insert into t values (1)")
            }
            #expect(error?.sqlState == "25006")
        }
    }

    @Test func `a transaction keeps all or nothing`() async throws {
        try await withDatabase(prepared: "create table t (n int primary key)") { database, _, _ in
            try await database.transaction { tx in
                try await tx.run("insert into t values (1)")
                try await tx.run("insert into t values (2)")
            }
            await #expect(throws: Problem.conflict("taken")) {
                try await database.transaction { tx in
                    try await tx.run("insert into t values (3)")
                    try await tx.run("insert into t values (\(2))", refusals: ["t_pkey": .conflict("taken")])
                }
            }
            await #expect(throws: DatabaseError.self) { try await database.run("insert into t values (2)") }
            try await database.run("insert into t values (4)")
            let rows = try await database.read("select n from t order by n")
            #expect(try rows.map { try $0.integer(0) } == [1, 2, 4])
        }
    }

    @Test func `a swallowed fault does not pass for a commit`() async throws {
        try await withDatabase(prepared: "create table t (n int primary key)") { database, _, _ in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.transaction { tx in
                    try await tx.run("insert into t values (1)")
                    _ = try? await tx.run("insert into t values (1)")
                }
            }
            #expect(error?.sqlState == "25P02")
            let kept = try await database.read("select n from t")
            #expect(kept.isEmpty)
        }
    }

    @Test func `an attempt undoes only itself`() async throws {
        try await withDatabase(prepared: "create table t (n int primary key)") { database, _, _ in
            try await database.transaction { tx in
                try await tx.run("insert into t values (1)")
                await #expect(throws: DatabaseError.self) {
                    try await tx.attempt { try await tx.run("insert into t values (1)") }
                }
                try await tx.run("insert into t values (2)")
            }
            let kept = try await database.read("select n from t")
            #expect(kept.count == 2)
        }
    }

    @Test func `a constraint checked at the commit finds its words`() async throws {
        let tables = """
            create table p (n int primary key);
            create table c (n int, constraint c_has_parent foreign key (n) references p deferrable initially deferred)
            """
        try await withDatabase(prepared: tables) { database, _, _ in
            await #expect(throws: Problem.notFound) {
                try await database.transaction(refusals: ["c_has_parent": .notFound]) { tx in
                    try await tx.run("insert into c values (1)")
                }
            }
        }
    }

    @Test func `a transaction that is over is not used again`() async throws {
        try await withDatabase { database, _, _ in
            let kept = try await database.transaction { tx in
                try await tx.run("select 1")
                return tx
            }
            await #expect(throws: TransactionIsOver.self) { try await kept.run("select 1") }
        }
    }

    /// Two who wait for each other's row are told so by PostgreSQL, one of them as a deadlock: it asks again.
    private static func book(_ number: Int, _ database: Database) async -> String {
        while true {
            do {
                try await database.run(
                    """
                    insert into booking
                    values (7, tstzrange('2026-01-01 10:00+00', \(Instant(seconds: 1_767_265_200 + Int64(number)))))
                    """,
                    refusals: ["booking_no_overlap": .conflict("That time is already taken.")],
                    until: .after(.seconds(60)))
                return "booked"
            } catch let problem as Problem {
                return problem.code.rawValue
            } catch let error as DatabaseError where error.sqlState == "40P01" {
                continue
            } catch {
                return "\(error)"
            }
        }
    }

    @Test func `two hundred bookings of one hour leave one`() async throws {
        let tables = """
            create extension btree_gist;
            create table booking (doctor int, during tstzrange,
                constraint booking_no_overlap exclude using gist (doctor with =, during with &&))
            """
        try await withDatabase(loops: 2, prepared: tables) { database, _, group in
            let outcomes = await withTaskGroup(of: String.self) { tasks in
                for number in 0..<200 {
                    tasks.addTask(executorPreference: group.loops[number % 2]) { await Self.book(number, database) }
                }
                return await tasks.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(outcomes == ["booked": 1, "conflict": 199])
        }
    }
}
