/// A name to log in by: ASCII letters, digits, `.`, `_` and `-`, beginning with a letter or digit; no `@`, so that it
/// is never taken for an email. Compared without case.
package enum Username {
    package static let length = 3...60
    package static let hint = "Use letters, digits, dots, hyphens and underscores, beginning with a letter or digit."

    package static func isValid(_ text: String) -> Bool {
        length.contains(text.utf8.count) && text.utf8.first.map(isLetterOrDigit) == true
            && text.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: false
        }
    }
}
