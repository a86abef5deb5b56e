import Kernel

/// What a model is told: the complaint without what tells who has it, an age band, and names of the table. Whoever asks
/// the same is told the same.
package struct ModelQuestion: Sendable, Hashable {
    package let symptoms: String
    package let ageBand: String?
    package let gender: String?
    package let isPregnant: Bool?
    /// By the names of the table, in order. What is in no table stays here.
    package let allergies: [String]
    package let currentMedicines: [String]

    package init(_ question: AdviceQuestion, _ table: MedicineTable) {
        symptoms = Self.withoutIdentity(question.symptoms)
        ageBand = question.person.age.map(Self.band)
        gender = question.gender
        isPregnant = question.person.isPregnant
        allergies = Self.names(question.person.allergies, table)
        currentMedicines = Self.names(question.person.currentMedicines, table)
    }

    /// Equal for texts that differ in case and blanks alone.
    package var comparableSymptoms: String {
        symptoms.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func names(_ text: String?, _ table: MedicineTable) -> [String] {
        Set(WrittenMedicines(text, table).items.flatMap(\.substances).map(\.name)).sorted()
    }

    private static func band(_ age: Int) -> String {
        switch age {
        case ..<2: "under 2"
        case ..<12: "2 to 11"
        case ..<18: "12 to 17"
        case ..<65: "18 to 64"
        default: "65 or older"
        }
    }

    /// Without addresses, links, and numbers of five digits and more, also where blanks stand between: phones, dates of
    /// birth, insurance numbers. A name cannot be told from any other word.
    static func withoutIdentity(_ text: String) -> String {
        var words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        var run = 0..<0
        var digits = 0
        for index in words.indices {
            let count = words[index].count(where: \.isNumber)
            let isNumber = count > 0 && words[index].allSatisfy { !$0.isLetter }
            run = isNumber ? (run.upperBound == index ? run.lowerBound : index)..<(index + 1) : index..<index
            digits = isNumber && run.count > 1 ? digits + count : count
            if digits >= 5, isNumber { for place in run { words[place] = "…" } }
            if count >= 5 || words[index].contains("@") || words[index].contains("://")
                || words[index].lowercased().hasPrefix("www.")
            {
                words[index] = "…"
            }
        }
        return words.joined(separator: " ")
    }
}
