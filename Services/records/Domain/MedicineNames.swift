/// The names of the table: international ones, brands, products of several medicines, words for classes.
struct MedicineNames: Sendable {
    /// The most words of a name.
    static let longest = 6
    private var substances: [String: [Substance]] = [:]
    /// For misspelt names, by their first letter.
    private var byLetter: [UInt8: [String]] = [:]

    /// Adds a name; answers with whose it is already, if it is another's.
    mutating func add(_ name: String, _ found: [Substance]) -> String? {
        let key = WrittenText.key(of: WrittenText.words(of: name))
        guard let first = key.utf8.first else { return "nothing" }
        if let other = substances[key] {
            return other == found ? nil : other.map(\.name).joined(separator: ", ")
        }
        substances[key] = found
        byLetter[first, default: []].append(key)
        return nil
    }

    subscript(words: some Collection<String>) -> [Substance]? { substances[WrittenText.key(of: words)] }

    /// The one nearest name, by at most one letter more, less, other or exchanged, or two in a long name. Its first
    /// letter must be right; two names equally near are none.
    func nearest(to words: some Collection<String>) -> [Substance]? {
        let key = Array(WrittenText.key(of: words).utf8)
        guard key.count >= 6, let first = key.first else { return nil }
        var (best, found): (Int, [Substance]?) = (key.count >= 9 ? 3 : 2, nil)
        for name in byLetter[first] ?? [] where abs(name.utf8.count - key.count) < best + 1 && name.utf8.count >= 5 {
            let distance = EditDistance.between(key, Array(name.utf8))
            guard distance <= best, distance > 0 else { continue }
            if distance == best, found != nil {
                if substances[name] != found { found = [] }
            } else if distance < best || found == nil, distance < (key.count >= 9 ? 3 : 2) {
                best = distance
                found = substances[name]
            }
        }
        return found?.isEmpty == true ? nil : found
    }
}

/// How many letters must be added, removed, replaced or exchanged with the next (optimal string alignment).
enum EditDistance {
    static func between(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...other.count)
        for (row, letter) in one.enumerated() {
            var line = [row + 1]
            for (column, against) in other.enumerated() {
                var least = min(last[column + 1] + 1, line[column] + 1, last[column] + (letter == against ? 0 : 1))
                if row > 0, column > 0, letter == other[column - 1], one[row - 1] == against {
                    least = min(least, before[column - 1] + 1)
                }
                line.append(least)
            }
            before = last
            last = line
        }
        return last[other.count]
    }
}
