/// A person's gender: one stored code; each route answers in the form its documents use (seeds X10).
package enum Gender: String, Sendable, Hashable, CaseIterable {
    case male = "M"
    case female = "F"
    case other = "O"
    case undisclosed = "N"

    /// The word of the routes that speak words: `male`, `prefer_not_to_say`.
    package var word: String {
        switch self {
        case .male: "male"
        case .female: "female"
        case .other: "other"
        case .undisclosed: "prefer_not_to_say"
        }
    }

    /// Every accepted spelling in lower case: codes, words, and the label people see.
    package static let spellings: [String: Gender] = {
        var spellings = ["prefer not to say": Gender.undisclosed]
        for gender in allCases {
            spellings[gender.rawValue.lowercased()] = gender
            spellings[gender.word] = gender
        }
        return spellings
    }()
}
