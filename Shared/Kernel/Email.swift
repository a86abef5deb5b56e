internal import IDNA

/// An email address: shown as typed, compared without case and with its domain as DNS knows it, so that
/// `bücher.example` and `xn--bcher-kva.example` are one. Syntax: the HTML standard's pattern, lengths of RFC 5321
/// §4.5.3, domains of RFC 5891; what stands before the `@` is ASCII.
package struct Email: Hashable, Sendable {
    /// As it was typed.
    package let text: String
    /// As mail servers know it: ASCII alone, the domain's labels as A-labels.
    package let ascii: String
    /// What two addresses are compared by.
    package var comparable: String { ascii.lowercased() }

    package init?(_ text: String) {
        guard let (local, domain) = Email.parts(text), let ascii = Email.ascii(text, local, domain) else { return nil }
        self.init(text, ascii: ascii)
    }

    /// An address that was accepted before, by whatever rule: one whose domain has no A-label stays readable as it is,
    /// and no mail goes there. In ASCII there is nothing to look at again.
    package static func stored(_ text: String) -> Email? {
        let bytes = text.utf8.span
        var (isASCII, hasAt) = (true, false)
        for index in bytes.indices {
            if bytes[index] >= 0x80 { isASCII = false }
            if bytes[index] == UInt8(ascii: "@") { hasAt = true }
        }
        if isASCII, hasAt { return Email(text, ascii: text) }
        guard let (local, domain) = parts(text) else { return nil }
        return Email(text, ascii: ascii(text, local, domain) ?? text)
    }

    private init(_ text: String, ascii: String) {
        self.text = text
        self.ascii = ascii
    }

    package static func == (left: Email, right: Email) -> Bool { left.comparable == right.comparable }
    package func hash(into hasher: inout Hasher) { hasher.combine(comparable) }

    /// What stands before and behind the last `@`, both well-formed.
    private static func parts(_ text: String) -> (local: Substring, domain: Substring)? {
        guard text.utf8.count <= 254, let at = text.lastIndex(of: "@") else { return nil }
        let local = text[..<at]
        let domain = text[text.index(after: at)...]
        guard (1...64).contains(local.utf8.count), local.utf8.allSatisfy(isLocal), hasInnerDots(local),
            isDomain(domain)
        else { return nil }
        return (local, domain)
    }

    /// Dots stand alone and between other characters only.
    private static func hasInnerDots(_ local: Substring) -> Bool {
        var before = UInt8(ascii: ".")
        for byte in local.utf8 {
            if byte == UInt8(ascii: "."), before == UInt8(ascii: ".") { return false }
            before = byte
        }
        return before != UInt8(ascii: ".")
    }

    /// Nil for a domain that has no A-labels, and for an address that is too long with them.
    private static func ascii(_ text: String, _ local: Substring, _ domain: Substring) -> String? {
        if domain.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        guard let name = DomainName.ascii(String(domain)), name.utf8.allSatisfy({ $0 < 0x80 }), isDomain(name[...])
        else { return nil }
        let address = "\(local)@\(name)"
        return address.utf8.count <= 254 ? address : nil
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
        }
    }

    /// Two labels or more. Letters of any script pass with their marks and digits; whether they make a domain together
    /// is IDNA's to say.
    private static func isDomain(_ domain: Substring) -> Bool {
        guard domain.utf8.count <= 253 else { return false }
        var (labels, length, isNumber) = (1, 0, true)
        var last: Unicode.Scalar = "-"
        for scalar in domain.unicodeScalars {
            if scalar == "." {
                guard (1...63).contains(length), last != "-" else { return false }
                (labels, length, isNumber, last) = (labels + 1, 0, true, "-")
                continue
            }
            guard isOfLabel(scalar), length > 0 || scalar != "-" else { return false }
            if isNumber {
                isNumber = scalar.isASCII ? ("0"..."9").contains(scalar) : scalar.properties.numericType != nil
            }
            length += UTF8.width(scalar)
            last = scalar
        }
        return labels >= 2 && (2...63).contains(length) && last != "-" && !isNumber
    }

    private static func isOfLabel(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 45, 48...57, 65...90, 97...122: return true
        case ..<0x80: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .decimalNumber: return true
        default: return scalar.properties.isAlphabetic
        }
    }
}
