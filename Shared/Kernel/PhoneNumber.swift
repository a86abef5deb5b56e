/// A phone number in E.164 syntax (api.md §1): `^\+?[1-9]\d{6,14}$`, kept with its `+`.
package struct PhoneNumber: Hashable, Sendable {
    package let text: String

    package init?(_ written: String) {
        var digits = Array(written.utf8)
        if digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        guard (7...15).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ $0 >= 48 && $0 <= 57 })
        else { return nil }
        text = "+" + String(decoding: digits, as: UTF8.self)
    }

    /// A number as some lists take it: E.164, or a local form of 3 to 20 digits with blanks, dots, hyphens and brackets
    /// (`555-1234`, `(0)30 12 34`), kept as written.
    package static func localOrInternational(_ written: String) -> String? {
        if let number = PhoneNumber(written) { return number.text }
        let allowed = "0123456789 -./()+".utf8
        guard written.utf8.count <= 30, written.utf8.allSatisfy({ allowed.contains($0) }),
            written.utf8.lastIndex(of: UInt8(ascii: "+")).map({ $0 == written.startIndex }) ?? true,
            (3...20).contains(written.utf8.filter { $0 >= 48 && $0 <= 57 }.count)
        else { return nil }
        return written
    }
}
