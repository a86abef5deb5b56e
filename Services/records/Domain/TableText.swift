/// What is wrong with a medicine table, and in which line of it (counted from 1).
package struct TableFault: Sendable, Equatable {
    package let line: Int
    package let words: String
}

/// Everything that is wrong with a medicine table.
package struct TableFaults: Error, CustomStringConvertible, Equatable {
    package let faults: [TableFault]

    package var description: String { faults.map { "line \($0.line): \($0.words)" }.joined(separator: "; ") }
}

/// A row of a section: its cells without the blanks around them, `-` as nothing.
struct TableRow {
    let line: Int
    let cells: [String]

    /// The cell's parts between commas.
    func list(_ index: Int) -> [String] { parts(index, of: ",") }

    func parts(_ index: Int, of separator: Character) -> [String] {
        cell(index)?.split(separator: separator).map { trimmed($0) }.filter { !$0.isEmpty } ?? []
    }

    func cell(_ index: Int) -> String? {
        guard cells.indices.contains(index), cells[index] != "-", !cells[index].isEmpty else { return nil }
        return cells[index]
    }
}

/// The text of a medicine table, taken apart into rows: sections in brackets, comments behind `#`, columns between `|`.
struct TableText {
    /// The sections, with how many columns each has.
    static let sections = [
        "about": 2, "classes": 4, "uses": 2, "conditions": 2, "medicines": 10, "combinations": 2, "interactions": 4,
        "cross-allergies": 4, "red flags": 2,
    ]
    private(set) var rows: [String: [TableRow]] = [:]
    private(set) var faults: [TableFault] = []

    init(_ text: String) {
        var section: String?
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let content = trimmed(line)
            if content.isEmpty || content.hasPrefix("#") { continue }
            if content.hasPrefix("["), content.hasSuffix("]") {
                section = begin(String(content.dropFirst().dropLast()), at: index + 1)
            } else if let section {
                add(content, to: section, at: index + 1)
            } else {
                faults.append(TableFault(line: index + 1, words: "stands in no section"))
            }
        }
        for name in Self.sections.keys.sorted() where rows[name] == nil {
            faults.append(TableFault(line: lines.count, words: "the section [\(name)] is missing"))
        }
    }

    private mutating func begin(_ name: String, at line: Int) -> String? {
        guard Self.sections[name] != nil else {
            faults.append(TableFault(line: line, words: "[\(name)] is no section"))
            return nil
        }
        if rows[name] != nil { faults.append(TableFault(line: line, words: "[\(name)] is there twice")) }
        rows[name] = rows[name] ?? []
        return name
    }

    private mutating func add(_ content: String, to section: String, at line: Int) {
        let cells = content.split(separator: "|", omittingEmptySubsequences: false).map { trimmed($0) }
        let count = Self.sections[section] ?? 0
        guard cells.count == count else {
            faults.append(TableFault(line: line, words: "has \(cells.count) columns, and [\(section)] has \(count)"))
            return
        }
        guard cells[0] != "-", !cells[0].isEmpty else {
            faults.append(TableFault(line: line, words: "has nothing in its first column"))
            return
        }
        rows[section]?.append(TableRow(line: line, cells: cells))
    }
}

/// Without the white space at both ends.
func trimmed(_ text: some StringProtocol) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}
