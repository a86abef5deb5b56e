package import Postgres

/// Counts the rows and index entries that PostgreSQL reads for the lists of a small owner beside the rows of a large
/// one, whatever it knows of its tables.
package struct ReadRows: Sendable {
    private let database: Database
    private let home: TestDatabase
    private let schema: String

    /// One list, by the words a failure names it by.
    package typealias Ask = (name: String, ask: @Sendable () async throws -> Void)

    package init(_ database: Database, _ home: TestDatabase, schema: String) {
        self.database = database
        self.home = home
        self.schema = schema
    }

    /// Each list of the small owner, whose rows are there, is asked before the large owner has any rows and after: by
    /// the plans of before; by new ones, before there are statistics; with statistics of when there was a tenth of
    /// them; with those of now; with none.
    /// - Parameter large: SQL that adds the large owner's rows of these numbers.
    /// - Returns: a line for each list that read more than `most` rows.
    package func exceeding(
        _ most: Int, beside large: (ClosedRange<Int>) -> String, lists: [Ask]
    ) async throws -> [String] {
        script(Self.planAnew)
        var found = try await asked(lists, "alone", most)
        script(large(1...1000))
        found += try await asked(lists, "by plans of before", most)
        script(Self.planAnew)
        found += try await asked(lists, "no statistics yet", most)
        script("analyze")
        script(large(1001...10000))
        script(Self.planAnew)
        found += try await asked(lists, "statistics of before", most)
        script("analyze")
        found += try await asked(lists, "statistics of now", most)
        script("delete from pg_statistic where starelid in (select relid from pg_stat_user_tables);" + Self.planAnew)
        found += try await asked(lists, "no statistics", most)
        return found
    }

    /// PostgreSQL plans a statement anew when one of its tables was altered; it makes no statistics by itself.
    private static let planAnew = """
        do $$ declare t record; begin
            for t in select relname from pg_stat_user_tables where schemaname = current_schema loop
                execute format('alter table %I set (autovacuum_enabled = false)', t.relname);
            end loop;
        end $$
        """

    /// So often that a statement whose plan may be kept has one.
    private static let times = 7

    private func asked(_ lists: [Ask], _ state: String, _ most: Int) async throws -> [String] {
        var found: [String] = []
        for list in lists {
            let before = try await count()
            for _ in 0..<Self.times { try await list.ask() }
            let read = (try await count() - before) / Self.times
            if read > most { found.append("\(list.name), \(state): \(read)") }
        }
        return found
    }

    /// What was read since the server's start, as far as it is told: each connection is made to tell what it knows.
    private func count() async throws -> Int {
        let told = Column<Bool>("pg_stat_force_next_flush() is null")
        _ = try await database.read(told)
        _ = try await database.run(told)
        return try await database.read(
            Column<Int>(
                """
                (select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_user_tables
                    where schemaname = current_schema)
                + (select sum(idx_tup_read)::bigint from pg_stat_user_indexes where schemaname = current_schema)
                """)
        ).one
    }

    /// What the script itself reads, such as keys that new rows refer to, is told before `psql` has its answer: by
    /// itself the server's process tells it as it ends, which may be after the first list was asked.
    private func script(_ sql: String) {
        home.script("set search_path to \(schema), public; \(sql); select pg_stat_force_next_flush()")
    }
}
