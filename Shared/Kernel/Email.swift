/// An email address: kept as typed, compared without case. Syntax: the HTML standard's pattern, lengths of RFC 5321
/// §4.5.3.
package struct Email: Hashable, Sendable {
    package let text: String
    /// What two addresses are compared by.
    package let comparable: String

    package init?(_ text: String) {
        guard text.utf8.count <= 254, let at = text.lastIndex(of: "@") else { return nil }
        let local = text[..<at]
        let domain = text[text.index(after: at)...]
        guard (1...64).contains(local.utf8.count), local.utf8.allSatisfy(Email.isLocal), !local.hasPrefix("."),
            !local.hasSuffix("."), !local.contains(".."), Email.isDomain(domain)
        else { return nil }
        self.text = text
        comparable = text.lowercased()
    }

    package static func == (left: Email, right: Email) -> Bool { left.comparable == right.comparable }
    package func hash(into hasher: inout Hasher) { hasher.combine(comparable) }

    private static func isLocal(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
        }
    }

    /// Two labels or more; letters of any script are let through, for internationalised domains (RFC 5891).
    private static func isDomain(_ domain: Substring) -> Bool {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, domain.utf8.count <= 253, let last = labels.last, last.utf8.count >= 2,
            !last.allSatisfy(\.isNumber)
        else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.unicodeScalars.allSatisfy { scalar in
                    scalar == "-" || (scalar.isASCII ? isLetterOrDigit(scalar) : scalar.properties.isAlphabetic)
                }
        }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 48...57, 65...90, 97...122: true
        default: false
        }
    }
}
