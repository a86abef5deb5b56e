/// Reads the sections of a table's text, noting what is wrong with each row.
struct MedicineTableReader {
    private let rows: [String: [TableRow]]
    private(set) var faults: [TableFault]

    init(_ text: TableText) {
        rows = text.rows
        faults = text.faults
    }

    mutating func note(_ row: TableRow, _ words: String) { faults.append(TableFault(line: row.line, words: words)) }

    func section(_ name: String) -> [TableRow] { rows[name] ?? [] }

    mutating func about(_ key: String) -> String {
        guard let row = section("about").first(where: { $0.cells[0] == key }), let text = row.cell(1) else {
            faults.append(TableFault(line: section("about").first?.line ?? 1, words: "[about] names no \(key)"))
            return ""
        }
        return text
    }

    mutating func classes() -> [MedicineClass] {
        var seen: Set<String> = []
        return section("classes").map { row in
            let code = row.cells[0]
            if !seen.insert(code).inserted { note(row, "the class \(code) is there twice") }
            if code != code.lowercased() { note(row, "a class is written in small letters") }
            if row.cell(1) == nil { note(row, "the class \(code) has no name") }
            let rules = row.list(3)
            for rule in rules where rule != "allergy" && rule != "one" { note(row, "\(rule) is no rule of a class") }
            return MedicineClass(
                code: code, name: row.cells[1], isOneAllergy: rules.contains("allergy"),
                isOneAtATime: rules.contains("one"))
        }
    }

    mutating func taggedWords(_ name: String) -> [MedicineTable.TaggedWords] {
        var seen: Set<String> = []
        return section(name).map { row in
            if !seen.insert(row.cells[0]).inserted { note(row, "\(row.cells[0]) is there twice") }
            return MedicineTable.TaggedWords(tag: row.cells[0], alternatives: row.list(1).map(WrittenText.words))
        }
    }

    /// What to do is the tag.
    mutating func redFlags() -> [MedicineTable.TaggedWords] {
        section("red flags").map { row in
            if row.cell(1) == nil { note(row, "says not what to do") }
            return MedicineTable.TaggedWords(tag: row.cells[1], alternatives: row.list(0).map(WrittenText.words))
        }
    }

    mutating func interactions(among codes: Set<String>) -> [MedicineTable.CodePair: MedicineTable.Interaction] {
        var found: [MedicineTable.CodePair: MedicineTable.Interaction] = [:]
        for row in section("interactions") {
            let pair = MedicineTable.CodePair(row.cells[0], row.cells[1])
            guard let severity = rule(row, among: codes) else { continue }
            if pair.first == pair.second, pair.first != pair.first.lowercased() {
                note(row, "a medicine interacts with another")
            }
            if found[pair] != nil { note(row, "\(row.cells[0]) and \(row.cells[1]) have a rule already") }
            found[pair] = MedicineTable.Interaction(severity: severity, text: row.cells[3])
        }
        return found
    }

    mutating func crossAllergies(among codes: Set<String>) -> [MedicineTable.CrossAllergy] {
        section("cross-allergies").compactMap { row in
            guard let severity = rule(row, among: codes) else { return nil }
            return MedicineTable.CrossAllergy(
                allergen: row.cells[0], group: row.cells[1], severity: severity, text: row.cells[3])
        }
    }

    /// The severity of a rule about two codes, when all of it is sound.
    private mutating func rule(_ row: TableRow, among codes: Set<String>) -> Severity? {
        for code in row.cells.prefix(2) where !codes.contains(code) {
            note(row, "\(code) is neither a class nor a medicine of the table")
        }
        guard let severity = Severity(rawValue: row.cells[2]), severity != .info else {
            note(row, "\(row.cells[2]) is no severity: severe or moderate")
            return nil
        }
        guard row.cell(3) != nil else {
            note(row, "says not what to know")
            return nil
        }
        return row.cells.prefix(2).allSatisfy(codes.contains) ? severity : nil
    }

    /// A class of one member shares its rules with nobody.
    mutating func checkMembers(of classes: [MedicineClass], among medicines: [Medicine]) {
        for (row, group) in zip(section("classes"), classes)
        where medicines.count(where: { $0.classes.contains(group.code) }) < 2 {
            note(row, "the class \(group.code) has fewer than two medicines")
        }
    }

    mutating func names(of medicines: [Medicine], _ classes: [MedicineClass]) -> MedicineNames {
        var names = MedicineNames()
        let byName = Dictionary(medicines.map { ($0.name, Substance($0)) }) { first, _ in first }
        for row in section("medicines") {
            guard let substance = byName[row.cells[0]] else { continue }
            for name in [row.cells[0]] + row.list(2) { add(name, [substance], to: &names, row) }
        }
        for (row, group) in zip(section("classes"), classes) {
            for name in [group.name] + row.list(2) { add(name, [Substance(group)], to: &names, row) }
        }
        for row in section("combinations") {
            let parts = row.list(1)
            for part in parts where byName[part] == nil { note(row, "\(part) is no medicine of the table") }
            let substances = parts.compactMap { byName[$0] }
            for name in row.list(0) where !substances.isEmpty { add(name, substances, to: &names, row) }
        }
        return names
    }

    private mutating func add(
        _ name: String, _ substances: [Substance], to names: inout MedicineNames, _ row: TableRow
    ) {
        if let other = names.add(name, substances) { note(row, "the name \(name) is that of \(other) already") }
    }
}
