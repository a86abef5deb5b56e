/// A dose as somebody wrote it, where it can be read without guessing.
enum Dosage {
    /// The most milligrams of one taking: of `500 to 1000 mg` 1000, of `2 x 500 mg` 1000. Nil for drops, tablets and
    /// units, for two strengths at once, and for `1,000 mg`, which is one or a thousand.
    static func milligrams(_ text: String) -> Double? {
        let tokens = tokens(of: text)
        guard !tokens.contains("/"), !tokens.contains("per") else { return nil }
        var found: Double?
        for (index, token) in tokens.enumerated() {
            guard let factor = milligrams(inUnit: token), index > 0, let number = number(tokens[index - 1]) else {
                continue
            }
            var amount = number * factor
            if index > 2, tokens[index - 2] == "x", let count = self.number(tokens[index - 3]) { amount *= count }
            found = max(found ?? 0, amount)
        }
        return found
    }

    /// How many times a week: of `1-0-1` 14. Nil for `as needed`, and for what cannot be read.
    static func timesAWeek(_ text: String) -> Double? {
        let tokens = tokens(of: text)
        if let day = pattern(text) { return day * 7 }
        let isWeekly = tokens.contains { ["week", "weekly", "weeks"].contains($0) }
        if let count = count(tokens) { return isWeekly ? count : count * 7 }
        if let hours = hours(tokens) { return 168 / hours }
        if tokens.contains("alternate") || tokens.contains("other") { return 3.5 }
        if isWeekly { return 1 }
        let once: Set<String> = [
            "daily", "day", "nightly", "night", "od", "qd", "hs", "qhs", "bedtime", "morning", "evening", "stat", "om",
            "on", "mane", "nocte",
        ]
        return tokens.contains(where: once.contains) ? 7 : nil
    }

    /// `twice`, `bd`, `3 times`; the largest of them, since `at most` names the most.
    private static func count(_ tokens: [String]) -> Double? {
        let words: [String: Double] = [
            "once": 1, "twice": 2, "bd": 2, "bid": 2, "bds": 2, "thrice": 3, "tds": 3, "tid": 3, "qid": 4, "qds": 4,
        ]
        var counts = tokens.compactMap { words[$0] }
        for (index, token) in tokens.enumerated() where (token == "times" || token == "time") && index > 0 {
            if let number = number(tokens[index - 1]) { counts.append(number) }
        }
        return counts.max().flatMap { $0 > 0 && $0 <= 48 ? $0 : nil }
    }

    /// `every 4 to 6 hours`, `q8h`, `12 hourly`: the fewest.
    private static func hours(_ tokens: [String]) -> Double? {
        var hours: Double?
        for (index, token) in tokens.enumerated() where ["h", "hr", "hrs", "hour", "hours", "hourly"].contains(token) {
            let before = tokens[..<index].suffix(3).compactMap { number($0) }
            hours = before.min() ?? (token == "hourly" || token == "hour" ? 1 : nil)
        }
        return hours.flatMap { (1...168).contains($0) ? $0 : nil }
    }

    /// `1-0-1`, `1+1+1`, `½-0-½` not.
    private static func pattern(_ text: String) -> Double? {
        let parts = trimmed(text).split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "+" }
        guard (3...4).contains(parts.count) else { return nil }
        let counts = parts.compactMap { number(trimmed($0)) }
        guard counts.count == parts.count, counts.allSatisfy({ $0 <= 10 }) else { return nil }
        let sum = counts.reduce(0, +)
        return sum > 0 ? sum : nil
    }

    private static func milligrams(inUnit unit: String) -> Double? {
        switch unit {
        case "mg", "mgs", "milligram", "milligrams": 1
        case "g", "gm", "gms", "gram", "grams": 1000
        case "mcg", "ug", "µg", "μg", "microgram", "micrograms": 0.001
        default: nil
        }
    }

    private static let numbers: [String: Double] = [
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "twelve": 12, "half": 0.5,
        "½": 0.5,
    ]

    /// `0,5` is a half; a separator before exactly three digits may be either, and is not read.
    private static func number(_ token: String) -> Double? {
        if let word = numbers[token] { return word }
        let parts = token.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "." }
        guard parts.count <= 2, !token.isEmpty,
            parts.allSatisfy({ part in
                (1...9).contains(part.utf8.count) && part.utf8.allSatisfy { (48...57).contains($0) }
            })
        else { return nil }
        guard parts.count == 2 else { return Double(token) }
        if parts[1].utf8.count == 3, parts[0] != "0" { return nil }
        return Double("\(parts[0]).\(parts[1])")
    }

    /// Numbers, words and signs, apart also where a unit follows its number: `500mg`, `q8h`.
    private static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        var token = ""
        func end() {
            if !token.isEmpty { tokens.append(token) }
            token = ""
        }
        for character in text.lowercased() {
            let isPoint = (character == "." || character == ",") && token.last?.isNumber == true
            if isPoint {
                token.append(character)
            } else if character.isLetter || character.isNumber {
                if let last = token.last, last.isLetter != character.isLetter { end() }
                token.append(character == "×" ? "x" : character)
            } else {
                end()
                if character == "/" || character == "×" { tokens.append(character == "×" ? "x" : "/") }
            }
        }
        end()
        return tokens.map { $0.hasSuffix(".") || $0.hasSuffix(",") ? String($0.dropLast()) : $0 }
    }
}
