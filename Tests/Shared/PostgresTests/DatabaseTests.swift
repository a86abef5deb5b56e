import Kernel
import Lifecycle
import Net
import Postgres
import TestSupport
import Testing

struct DatabaseTests {
    @Test func `decimals are read as their text, and small numbers as any integer`() async throws {
        try await withDatabase { database, _, _ in
            for text in [
                "0", "0.00", "1", "-1.50", "120.50", "10000", "100000000.0001", "0.0001", "99999999.99", "12340000",
            ] {
                #expect(try await database.read(Column<String>("\(text)::numeric")).one == text)
            }
            let all = Projection(
                Column<Int>("7::smallint"), Column<Int32>("7::bigint"), Column<Double>("1.5::real"),
                Column<String>("12::bigint"), Column<String>("\(ID<String>(high: 1, low: 2))::uuid"),
                Column<Int>("sum(7)"), Column<ID<String>>("\(ID<String>(high: 1, low: 2))::text"),
                Column<JSONText>("'{}'::json"), Column<[String]>("'{}'::text[]"), Column<[Role]>("array['doctor']"))
            let row = try await database.read(all).one
            #expect(row.0 == 7 && row.1 == 7 && row.2 == 1.5 && row.3 == "12")
            #expect(row.4 == "00000000-0000-0001-0000-000000000002" && row.5 == 7 && row.6.description == row.4)
            #expect(row.7 == JSONText(Array("{}".utf8)) && row.8.isEmpty && row.9 == [.doctor])
        }
    }

    @Test func `what a type cannot hold is a fault`() async throws {
        try await withDatabase { database, _, _ in
            func fails<Value: SQLValue>(_ column: Column<Value>) async {
                await #expect(throws: DecodingFault.self) { try await database.read(column) }
            }
            for moment in ["infinity", "-infinity", "0044-03-15 BC", "20000-01-01"] {
                await fails(Column<Instant>("\(moment)::timestamptz"))
                await fails(Column<CalendarDate>("\(moment)::date"))
            }
            await fails(Column<Int16>("70000"))
            await fails(Column<String>("'NaN'::numeric"))
            await fails(Column<Int>("1.0"))
            await fails(Column<ID<String>>("1"))
            await fails(Column<Bool>("'t'::text"))
            await fails(Column<[Int]>("array[array[1]]"))
            await fails(Column<[Int]>("array['one']"))
            await fails(Column<[UInt8]>("'abc'"))
        }
    }

    @Test func `values of all kinds come back as they were`() async throws {
        try await withDatabase { database, _, _ in
            let id = ID<String>.make(at: Instant(seconds: 1_700_000_000))
            let now = Instant(microseconds: 1_767_225_599_123_456)
            let all = Projection(
                Column<String>("\("O'Hara \\ \" {,}")::text"), Column<Int>("\(42)::int"), Column<Bool>("\(true)::bool"),
                Column<Instant>("\(now)::timestamptz"), Column<ID<String>>("\(id)::uuid"),
                Column<[UInt8]>("\([0, 255, 92] as [UInt8])::bytea"),
                Column<[String]>("\(["a", "b \"c\\", "NULL"])::text[]"), Column<[Int64]>("\([Int64]())::bigint[]"),
                Column<String?>("\(nil as String?)::text"), Column<CalendarDate>("\(CalendarDate("1980-02-29"))::date"),
                Column<Double>("\(1.5)::float8"), Column<[Int?]>("\([1, nil, 3] as [Int?])::int[]"),
                Column<JSONText>("\(JSONText(Array(#"{"a":1}"#.utf8)))::jsonb"), Column<Role>("\(Role.doctor)::text"))
            let row = try await database.read(all).one
            #expect(row.0 == "O'Hara \\ \" {,}")
            #expect(row.1 == 42)
            #expect(row.2)
            #expect(row.3 == now)
            #expect(row.4 == id)
            #expect(row.5 == [0, 255, 92])
            #expect(row.6 == ["a", "b \"c\\", "NULL"])
            #expect(row.7 == [])
            #expect(row.8 == nil)
            #expect(row.9 == CalendarDate("1980-02-29"))
            #expect(row.10 == 1.5)
            #expect(row.11 == [1, nil, 3])
            #expect(row.12 == JSONText(Array(#"{"a": 1}"#.utf8)))
            #expect(row.13 == .doctor)
        }
    }

    @Test func `a text with a zero byte is refused before it is sent`() async throws {
        try await withDatabase { database, _, _ in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read(Column<String>("\("a\0b")"))
            }
            #expect(error?.sqlState == "22021")
            let next = try await database.read(Column<Int>("1"))
            #expect(next == [1])
        }
    }

    @Test func `a failing read spares the others of its batch`() async throws {
        try await withDatabase { database, _, _ in
            let outcomes = await withTaskGroup(of: (Int, Int?).self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let column = Column<Int>(number % 10 == 3 ? "1 / (\(number) - \(number))" : "\(number)::int")
                        return (number, try? await database.read(column).one)
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
                try await database.read(Column<Int>("n")) { "insert into t values (1) returning \($0)" }
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
            let kept = try await database.read(Column<Int>("n")) { "select \($0) from t order by n" }
            #expect(kept == [1, 2, 4])
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
            let kept = try await database.read(Column<Int>("n")) { "select \($0) from t" }
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
            let kept = try await database.read(Column<Int>("n")) { "select \($0) from t" }
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
