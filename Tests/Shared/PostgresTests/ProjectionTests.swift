import Kernel
import Postgres
import TestSupport
import Testing

struct ProjectionTests {
    private struct Visit: Equatable {
        let doctor: String
        let minutes: Int
        let note: String?
    }

    private static let visit = Projection(
        Column<String>("v.doctor"), Column<Int>("v.minutes"), Column<String?>("v.note"), make: Visit.init)
    private static let doctor = Projection(Column<String>("d.name"), Column<Bool>("d.is_available"))
    private static let tables = """
        create table doctor (name text primary key, is_available bool not null);
        create table visit (doctor text not null, minutes int not null, note text);
        insert into doctor values ('Chen', true), ('Okafor', false);
        insert into visit values ('Chen', 20, 'late'), ('Chen', 30, null), ('gone', 10, null);
        """

    @Test func `a projection writes its columns and reads them in their order`() async throws {
        let sql: SQL = "select \(Self.visit + Self.doctor) from visit v where v.minutes > \(5)"
        #expect(
            sql.text == "select v.doctor, v.minutes, v.note, d.name, d.is_available from visit v where v.minutes > $1")
        try await withDatabase(prepared: Self.tables) { database, _, _ in
            let visits = try await database.read(Self.visit) { "select \($0) from visit v order by v.minutes" }
            #expect(
                visits == [
                    Visit(doctor: "gone", minutes: 10, note: nil), Visit(doctor: "Chen", minutes: 20, note: "late"),
                    Visit(doctor: "Chen", minutes: 30, note: nil),
                ])
        }
    }

    @Test func `joining is addition, and the other side of a left join may be missing`() async throws {
        try await withDatabase(prepared: Self.tables) { database, _, _ in
            let rows = try await database.read(Self.visit + Self.doctor.optional + Column<Int>("v.minutes / 10")) {
                "select \($0) from visit v left join doctor d on d.name = v.doctor where minutes < 30 order by v.minutes"
            }
            #expect(rows.map { $0.0.0.doctor } == ["gone", "Chen"])
            #expect(rows.map { $0.0.1?.0 } == [nil, "Chen"])
            #expect(rows.map { $0.0.1?.1 } == [nil, true])
            #expect(rows.map { $0.1 } == [1, 2])
        }
    }

    @Test func `computed columns bind their values, and what a change returns is read alike`() async throws {
        try await withDatabase(prepared: Self.tables) { database, _, _ in
            let name = "Chen'; --"
            let known = Projection(
                Column<Bool>("exists (select from doctor where name = \("Chen"))"),
                Column<Bool>("exists (select from doctor where name = \(name))"))
            let (isKnown, isOther) = try await database.read(known).one
            #expect(isKnown && !isOther)
            let returned = try await database.run(Self.visit.map { $0.minutes }) {
                "update visit v set minutes = minutes + \(1) where doctor = \("Chen") returning \($0)"
            }
            #expect(returned.sorted() == [21, 31])
            let longest = try await database.transaction { tx in
                try await tx.run(Column<Int>("max(minutes)")) { "select \($0) from visit" }.one
            }
            #expect(longest == 31)
        }
    }

    @Test func `a column more or less than was declared is a fault, never a shift`() async throws {
        try await withDatabase(prepared: Self.tables) { database, _, _ in
            await #expect(throws: DecodingFault.self) {
                try await database.read(Self.visit) { "select 1, \($0) from visit v" }
            }
            await #expect(throws: DecodingFault.self) {
                try await database.read(Self.visit) { _ in "select doctor, minutes from visit" }
            }
        }
    }

    @Test func `null and what is another type are refused, unless the projection says otherwise`() async throws {
        try await withDatabase { database, _, _ in
            let null = await #expect(throws: DecodingFault.self) {
                try await database.read(Projection(Column<Int>("1"), Column<Int>("null")))
            }
            #expect(null?.reason == .isNull && null?.column == 1)
            let text = await #expect(throws: DecodingFault.self) { try await database.read(Column<Int>("'one'")) }
            #expect(text?.reason == .isNot("Int") && text?.column == 0)
            let both = Projection(Column<Int>("null"), Column<Int>("2")).ifReadable + Column<Int>("3")
            let (unread, next) = try await database.read(both).one
            #expect(unread == nil && next == 3)
            await #expect(throws: DecodingFault.self) {
                try await database.read(Column<Int>("1")) { "select \($0) where false" }.one
            }
        }
    }

    @Test func `a numbered page comes with the number of all, also past the end`() async throws {
        try await withDatabase(prepared: Self.tables) { database, _, _ in
            func page(_ number: Int) async throws -> Page<Visit> {
                try await database.page(
                    Self.visit, from: "visit v where v.minutes >= \(10)", by: "v.minutes desc",
                    PageRequest(position: .page(number), size: 2))
            }
            let (first, second, third) = (try await page(1), try await page(2), try await page(3))
            #expect(first.items.map(\.minutes) == [30, 20] && first.total == 3)
            #expect(second.items.map(\.minutes) == [10] && second.total == 3)
            #expect(third.items.isEmpty && third.total == 3)
        }
    }
}
