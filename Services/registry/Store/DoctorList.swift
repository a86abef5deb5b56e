package import API
import Chassis
package import Kernel
import Postgres
package import RegistryDomain

/// What a list of doctors is sorted by. The expressions are those of the indexes in the migration.
struct DoctorOrder {
    private let ordering: DoctorsQuery.Ordering

    init(_ ordering: DoctorsQuery.Ordering) { self.ordering = ordering }

    var expression: SQL {
        switch ordering {
        case .lastName, .lastNameDown: "lower(d.last_name)"
        case .firstName, .firstNameDown: "lower(d.first_name)"
        case .experience, .experienceDown: "coalesce(d.years_of_experience, -1)"
        case .fee, .feeDown: "coalesce(d.consultation_fee, -1)"
        case .created, .createdDown: "d.created_at"
        }
    }

    /// The same as the entry keeps it (migration 19), for a search, which sorts all that it finds and not by an index.
    var kept: SQL {
        switch ordering {
        case .lastName, .lastNameDown: "d.last_name_lower"
        case .firstName, .firstNameDown: "d.first_name_lower"
        case .experience, .experienceDown, .fee, .feeDown, .created, .createdDown: expression
        }
    }

    var isDown: Bool { ordering.rawValue.hasPrefix("-") }

    var clause: SQL {
        isDown ? "\(sql: expression) desc, d.doctor_id desc" : "\(sql: expression), d.doctor_id"
    }

    func cursor(_ entry: DoctorEntry) -> String {
        let details = entry.details
        let key =
            switch ordering {
            case .lastName, .lastNameDown: details.lastName
            case .firstName, .firstNameDown: details.firstName
            case .experience, .experienceDown: String(details.yearsOfExperience ?? -1)
            case .fee, .feeDown: details.consultationFee ?? "-1"
            case .created, .createdDown: String(entry.createdAt.microseconds)
            }
        return Cursor(id: entry.id, key: key).text
    }

    /// Only what follows the cursor.
    func condition(after cursor: Cursor) throws(Problem) -> SQL {
        let key = try key(of: cursor)
        let id = try cursor.id(of: Doctor.self)
        return isDown
            ? "(\(sql: expression), d.doctor_id) < (\(sql: key), \(id)::uuid)"
            : "(\(sql: expression), d.doctor_id) > (\(sql: key), \(id)::uuid)"
    }

    private func key(of cursor: Cursor) throws(Problem) -> SQL {
        let text = cursor.key
        switch ordering {
        case .lastName, .lastNameDown, .firstName, .firstNameDown:
            return "lower(\(text)::text)"
        case .experience, .experienceDown:
            guard let years = Int32(text) else { throw Cursor.fault }
            return "\(Int(years))::integer"
        case .fee, .feeDown:
            guard text == "-1" || text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), Double(text) != nil
            else {
                throw Cursor.fault
            }
            return "\(text)::numeric"
        case .created, .createdDown:
            return "\(try cursor.instant())::timestamptz"
        }
    }
}

/// The words of a search, folded: one that the trigram index finds, and the others.
struct SearchWords {
    /// Nil when no word has three letters or digits in a row.
    private(set) var indexed: String?
    private(set) var others: [String]

    init(_ text: String) {
        others = SearchText.words(of: text)
        let runs = others.map(Self.longestRun)
        guard let longest = runs.max(), longest >= 3, let index = runs.firstIndex(of: longest) else { return }
        indexed = others.remove(at: index)
    }

    /// Of letters and digits, which alone make trigrams.
    private static func longestRun(_ word: String) -> Int {
        var (run, longest) = (0, 0)
        for character in word {
            run = character.isLetter || character.isNumber ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}

extension DoctorStore {
    /// Another number after each change of the directory, whichever process made it (migration 22): what was read after
    /// it is what the directory has for as long as it is the same.
    package func changes(for caller: Caller) async throws -> Int64 {
        let sum = Column<Int64>("(select coalesce(sum(c.changes), 0)::bigint from doctor_changes c)")
        return try await database.read(sum, as: Scope(caller)).one
    }

    package func list(_ query: DoctorsQuery, for caller: Caller) async throws -> Page<DoctorEntry> {
        guard case .after = query.page.position else { return try await numbered(Self.row, query, caller) }
        let order = DoctorOrder(query.ordering)
        let condition = Self.condition(query, SearchWords(query.search ?? ""))
        let further = try query.page.cursor().map { " and " + (try order.condition(after: $0)) } ?? ""
        let entries = try await database.read(Self.row, as: Scope(caller)) {
            """
            select \($0) from doctor d where \(sql: condition)\(sql: further)
            order by \(sql: order.clause) limit \(query.page.size + 1)
            """
        }
        return Page(fetched: entries, size: query.page.size) { order.cursor($0) }
    }

    /// The same numbered page, as what tells the rows' states apart alone.
    package func stamps(_ query: DoctorsQuery, for caller: Caller) async throws -> Page<DoctorStamp> {
        try await numbered(Self.stamp, query, caller)
    }

    private func numbered<S: Selection>(
        _ selection: S, _ query: DoctorsQuery, _ caller: Caller
    ) async throws -> Page<S.Row> where S.Row: Sendable {
        let order = DoctorOrder(query.ordering)
        let words = SearchWords(query.search ?? "")
        let condition = Self.condition(query, words)
        if words.indexed != nil {
            return try await database.search(
                selection, from: "doctor d", key: "d.doctor_id", where: condition, by: order.kept,
                isDown: order.isDown, query.page, as: Scope(caller))
        }
        return try await database.page(
            selection, from: "doctor d where \(sql: condition)",
            total: words.others.isEmpty ? Self.total(query) : nil, by: order.clause, query.page, as: Scope(caller),
            plan: words.others.isEmpty ? .generic : .auto)
    }

    /// As the database keeps it (migration 17): a count would grow with the directory.
    private static func total(_ query: DoctorsQuery) -> SQL {
        """
        (select coalesce(sum(t.doctors), 0)::bigint from doctor_tally t
            where t.specialization = \([query.specialization?.rawValue].compactMap { $0 })::text[]
                and t.city = \([query.city.map(SearchText.folded)].compactMap { $0 })::text[]
                and (\(query.isAvailable)::boolean is null or t.is_available = \(query.isAvailable)::boolean))
        """
    }

    /// What narrows the list by an index stands alone, so that the planner sees it; the rest are conditions that are
    /// there always, because each form of the statement is prepared and kept on every connection.
    private static func condition(_ query: DoctorsQuery, _ words: SearchWords) -> SQL {
        var conditions: [SQL] = []
        if let word = words.indexed {
            conditions.append("d.search_text like \(pattern(word))")
            conditions.append("d.search_text like all (\(words.others.map(pattern)))")
        } else if !words.others.isEmpty {
            // No index for what has no trigram: it would be read from end to end.
            conditions.append("d.search_text || '' like all (\(words.others.map(pattern)))")
        }
        if let field = query.specialization { conditions.append("d.specialization = \(field.rawValue)") }
        let city = query.city.map(SearchText.folded)
        if let city, conditions.isEmpty {
            conditions.append("d.search_city = \(city)")
        } else {
            conditions.append("(\(city)::text is null or d.search_city = \(city)::text)")
        }
        conditions.append("d.is_listed")
        conditions.append("(\(query.isAvailable)::boolean is null or d.is_available = \(query.isAvailable)::boolean)")
        return .joined(conditions, by: " and ")
    }

    /// The text anywhere, none of its characters meaning more than itself.
    static func pattern(_ text: String) -> String {
        var pattern = "%"
        for character in text {
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern + "%"
    }
}
