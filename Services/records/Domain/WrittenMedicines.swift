/// What was read of medicines or allergies that somebody wrote as text.
package struct WrittenMedicines: Sendable, Equatable {
    /// One name in it, and all it stands for: a product may hold several medicines.
    package struct Item: Sendable, Equatable {
        package let written: String
        package let substances: [Substance]
        /// Read as the nearest name, since the written one is nobody's.
        package let isGuessed: Bool
    }

    package var items: [Item] = []
    /// Words that stand for nothing in the table.
    package var unread: [String] = []
    /// Nothing was written at all; "none" is something.
    package var isBlank = false

    package init(_ text: String?, _ table: MedicineTable) {
        let text = trimmed(text ?? "")
        guard !text.isEmpty else {
            isBlank = true
            return
        }
        for part in WrittenText.parts(of: text) where !MedicineWords.saysNone(part) { read(part, table.names) }
    }

    /// Longest names first, from left to right; then the nearest names of what is left.
    private mutating func read(_ part: String, _ names: MedicineNames) {
        let words = WrittenText.words(of: part)
        var left: [String] = []
        var position = 0
        while position < words.count {
            if let (count, found) = Self.longest(in: words[position...], { names[$0] }) {
                add(words[position..<position + count], found, isGuessed: false)
                position += count
            } else if !MedicineWords.isNoise(words[position]),
                let (count, found) = Self.longest(in: words[position...].prefix(2), { names.nearest(to: $0) })
            {
                add(words[position..<position + count], found, isGuessed: true)
                position += count
            } else {
                if !MedicineWords.isNoise(words[position]) { left.append(words[position]) }
                position += 1
            }
        }
        if !left.isEmpty { unread.append(left.joined(separator: " ")) }
    }

    private static func longest(
        in words: ArraySlice<String>, _ find: (ArraySlice<String>) -> [Substance]?
    ) -> (count: Int, [Substance])? {
        for count in stride(from: min(words.count, MedicineNames.longest), through: 1, by: -1) {
            if let found = find(words.prefix(count)) { return (count, found) }
        }
        return nil
    }

    private mutating func add(_ words: ArraySlice<String>, _ found: [Substance], isGuessed: Bool) {
        let item = Item(written: words.joined(separator: " "), substances: found, isGuessed: isGuessed)
        if !items.contains(where: { $0.substances == found }) { items.append(item) }
    }
}

/// Words that people write around names of medicines.
enum MedicineWords {
    private static let none: Set<String> = [
        "none", "nil", "nkda", "nka", "nkfa", "no", "not", "known", "any", "of", "drug", "drugs", "food", "medicine",
        "medicines", "medication", "medications", "allergy", "allergies", "history", "to", "reported", "recorded",
        "na", "n", "a", "nothing", "currently", "taking", "on", "regular", "and", "or", "applicable", "never",
    ]

    /// Words that make a part of none of the above "none": without one of them it says nothing.
    private static let denial: Set<String> = ["none", "nil", "nkda", "nka", "nkfa", "no", "not", "na", "nothing", "n"]

    /// "-", "NKDA", "no known allergies", "none".
    static func saysNone(_ part: String) -> Bool {
        let words = WrittenText.words(of: part)
        return words.allSatisfy(none.contains) && (words.isEmpty || words.contains(where: denial.contains))
    }

    /// Reactions, forms, units, times and small words: they name no medicine.
    private static let noise: Set<String> = [
        "allergic", "allergy", "allergies", "reaction", "reactions", "rash", "rashes", "hives", "urticaria", "itching",
        "itch", "swelling", "swollen", "anaphylaxis", "anaphylactic", "shock", "nausea", "vomiting", "angioedema",
        "severe", "mild", "moderate", "serious", "bad", "possible", "suspected", "intolerance", "intolerant", "history",
        "childhood", "child", "since", "years", "year", "ago", "caused", "causes", "gives", "gave", "known", "unknown",
        "tablet", "tablets", "tabs", "tab", "capsule", "capsules", "caps", "cap", "syrup", "injection", "injections",
        "inj", "inhaler", "puff", "puffs", "cream", "ointment", "gel", "drops", "drop", "spray", "patch", "suspension",
        "solution", "sachet", "sachets", "suppository", "oral", "mouth", "topical", "sodium", "hydrochloride", "hcl",
        "tartrate", "maleate", "besylate", "besilate", "succinate", "phosphate", "sulfate", "sulphate", "acid",
        "milligram", "milligrams", "microgram", "micrograms", "gram", "grams", "unit", "units", "dose", "doses",
        "daily", "once", "twice", "thrice", "times", "time", "three", "four", "five", "half", "every", "hour", "hours",
        "hourly", "morning", "evening", "night", "nightly", "bedtime", "weekly", "week", "weeks", "month", "months",
        "days", "needed", "required", "when", "with", "without", "before", "after", "food", "meals", "meal", "take",
        "takes", "taking", "medicine", "medicines", "medication", "medications", "drug", "drugs", "antibiotic",
        "antibiotics", "type", "group", "from", "like", "such", "also", "other", "than", "except", "apart", "plus",
        "and", "for", "the", "but", "not", "none", "low", "high", "strength", "forte", "plain", "extended", "release",
        "slow", "retard", "long", "term", "short", "course", "brand", "generic", "all", "any", "blood", "pressure",
        "diabetes", "sugar", "heart", "pain", "fever", "asthma", "thyroid", "cholesterol", "infection", "allergen",
        "sensitivity", "sensitive", "hypersensitivity", "nkda", "nil", "she", "her", "his", "has", "had", "was",
    ]

    static func isNoise(_ word: String) -> Bool {
        word.utf8.count < 3 || word.contains(where: \.isNumber) || noise.contains(word)
    }

    /// Further words of instructions how to take something.
    static let dosing: Set<String> = [
        "maximum", "max", "most", "least", "until", "symptoms", "symptom", "resolve", "improve", "persist", "glass",
        "water", "full", "plenty", "empty", "stomach", "only", "then", "each", "per", "day", "orally", "exceed", "more",
        "not", "minutes", "apart", "rest", "drink", "fluids", "avoid", "alcohol", "driving", "drive", "whole",
        "swallow",
        "chew", "crush", "sleep", "going", "lie", "down", "upright", "sitting", "stop", "see", "doctor", "physician",
        "pharmacist", "consult", "seek", "help", "worse", "worsen", "get", "gets", "better", "use", "using", "used",
        "apply", "thin", "layer", "affected", "area", "nostril", "nostrils", "each", "skin", "clean", "dry", "may",
        "can", "cause", "drowsiness", "sleepy", "you", "your", "this", "that", "are", "its", "under", "over", "between",
        "within", "interval", "intervals", "loose", "stool", "stools", "motion", "first", "initially", "followed",
        "breakfast", "lunch", "dinner", "early", "while", "during", "continue", "complete", "one", "two", "six",
        "eight", "ten", "twelve", "seven", "longer", "least", "milk", "warm", "store", "keep", "away", "children",
        "shake", "well", "use", "directed", "prescribed", "label", "leaflet", "read", "relief", "hrs",
    ]
}
