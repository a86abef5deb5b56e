extension MedicineTableReader {
    mutating func medicines(classes: Set<String>, uses: Set<String>, conditions: Set<String>) -> [Medicine] {
        var (names, codes): (Set<String>, Set<String>) = ([], [])
        return section("medicines").compactMap { row in
            let (name, atc) = (row.cells[0], row.cells[1])
            if !names.insert(name).inserted { note(row, "\(name) is there twice") }
            if name == name.lowercased() { note(row, "a medicine begins with a capital") }
            if !Self.isATC(atc) { note(row, "\(atc) is no ATC code") }
            if !codes.insert(atc).inserted { note(row, "the ATC code \(atc) is there twice") }
            let contraindications = row.list(9).map(Self.bound)
            check(row, row.list(3), in: classes, "class")
            check(row, row.list(8), in: uses, "use")
            check(row, contraindications.map(\.value), in: conditions, "condition")
            if row.list(8).isEmpty { note(row, "\(name) is for nothing") }
            guard let pregnancy = Medicine.Pregnancy(rawValue: row.cells[7]) else {
                note(row, "\(row.cells[7]) says nothing of pregnancy: avoid, caution or ok")
                return nil
            }
            return Medicine(
                name: name, atc: atc, classes: row.list(3), dose: dose(row), weeklyLimit: weeklyLimit(row),
                minimumAge: age(row), pregnancy: pregnancy, uses: row.list(8), contraindications: contraindications)
        }
    }

    private mutating func check(_ row: TableRow, _ values: [String], in known: Set<String>, _ kind: String) {
        for value in values where !known.contains(value) { note(row, "\(value) is no \(kind) of the table") }
    }

    /// `asthma!` is severe, `asthma` moderate.
    private static func bound(_ text: String) -> Medicine.Bound<String> {
        text.hasSuffix("!")
            ? Medicine.Bound(value: String(text.dropLast()), severity: .severe)
            : Medicine.Bound(value: text, severity: .moderate)
    }

    private mutating func dose(_ row: TableRow) -> Medicine.Dose? {
        guard row.cell(4) != nil else { return nil }
        let parts = row.parts(4, of: ";")
        guard parts.count == 4 else {
            note(row, "a dose is how much; how often; how long; how")
            return nil
        }
        return Medicine.Dose(
            dosage: parts[0], frequency: parts[1], duration: parts[2], instructions: parts[3] == "-" ? nil : parts[3])
    }

    /// `150` a day, or `30/week`.
    private mutating func weeklyLimit(_ row: TableRow) -> Double? {
        guard let text = row.cell(5) else { return nil }
        let isWeekly = text.hasSuffix("/week")
        guard let limit = Double(isWeekly ? String(text.dropLast(5)) : text), limit > 0, limit.isFinite else {
            note(row, "\(text) is no number of milligrams")
            return nil
        }
        return isWeekly ? limit : limit * 7
    }

    private mutating func age(_ row: TableRow) -> Medicine.Bound<Int>? {
        guard let text = row.cell(6) else { return nil }
        let bound = Self.bound(text)
        guard let years = Int(bound.value), (1...120).contains(years) else {
            note(row, "\(text) is no age in years")
            return nil
        }
        return Medicine.Bound(value: years, severity: bound.severity)
    }

    /// `N02BE01`; of four levels where the classification has no fifth.
    private static func isATC(_ text: String) -> Bool {
        let kinds = text.utf8.map { byte in
            switch byte {
            case 65...90: UInt8(ascii: "A")
            case 48...57: UInt8(ascii: "0")
            default: UInt8(ascii: "?")
            }
        }
        return kinds == Array("A00AA00".utf8) || kinds == Array("A00AA".utf8)
    }
}
