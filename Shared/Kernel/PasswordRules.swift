/// What a chosen password must have (api.md §2): 8 to 128 characters with upper, lower, digit and special, or 15 of any
/// kind; and it must not be the person's own name in disguise. How guessable it is besides is Crypto's to say.
package enum PasswordRules {
    package static let length = 8...128
    /// From this length on no classes are asked for (NIST SP 800-63B-4 §3.1.1.2).
    package static let lengthWithoutClasses = 15
    /// Said of what keeps these rules and would still be guessed early.
    package static let isGuessable = "This password is too easy to guess."

    /// Everything that is wrong with it, each in its own sentence; empty when nothing is.
    package static func faults(of password: String) -> [String] {
        let scalars = password.unicodeScalars
        var faults: [String] = []
        if scalars.count < length.lowerBound {
            faults.append("Password must contain at least \(length.lowerBound) characters")
        }
        if scalars.count > length.upperBound {
            faults.append("Password must contain no more than \(length.upperBound) characters")
        }
        if scalars.count < lengthWithoutClasses { faults += missingClasses(scalars) }
        if scalars.contains(where: { $0.value == 0 }) { faults.append("Password must not contain a null character.") }
        return faults
    }

    private static func missingClasses(_ scalars: String.UnicodeScalarView) -> [String] {
        var faults: [String] = []
        if !scalars.contains(where: { $0.properties.isUppercase }) {
            faults.append("Password must contain at least one uppercase letter.")
        }
        if !scalars.contains(where: { $0.properties.isLowercase }) {
            faults.append("Password must contain at least one lowercase letter.")
        }
        if !scalars.contains(where: { $0.properties.numericType != nil }) {
            faults.append("Password must contain at least one digit.")
        }
        if !scalars.contains(where: isSpecial) {
            faults.append("Password must contain at least one special character.")
        }
        return faults
    }

    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isAlphabetic && scalar.properties.numericType == nil && !scalar.properties.isWhitespace
    }

    /// Whether the password is nearly the text or one of its words, as Django's similarity validator judges it
    /// (`SequenceMatcher.quick_ratio` of 0.7 and more, over parts of three characters and more).
    package static func isSimilar(_ password: String, to text: String) -> Bool {
        let chosen = Array(password.lowercased().unicodeScalars)
        let whole = text.lowercased()
        let parts = whole.split { !$0.isLetter && !$0.isNumber }.map(String.init) + [whole]
        return parts.contains { part in
            let known = Array(part.unicodeScalars)
            guard known.count >= 3, known.count * 10 > chosen.count else { return false }
            return ratio(chosen, known) >= 0.7
        }
    }

    /// Twice the characters they share, as often as both have them, over all characters.
    private static func ratio(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Double {
        var available: [Unicode.Scalar: Int] = [:]
        for scalar in right { available[scalar, default: 0] += 1 }
        var shared = 0
        for scalar in left {
            guard let count = available[scalar], count > 0 else { continue }
            available[scalar] = count - 1
            shared += 1
        }
        return Double(2 * shared) / Double(max(left.count + right.count, 1))
    }
}
