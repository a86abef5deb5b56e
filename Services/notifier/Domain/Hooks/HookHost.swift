import Kernel

/// The host of an address: a name, or an IP address in any of the forms that systems read (inet_aton(3), RFC 4291).
struct HookHost {
    /// Without brackets.
    let text: String
    let address: NetworkAddress?
    private let isVersion6: Bool

    init(_ given: Substring, ascii: (String) -> String?) throws(HookURLFault) {
        if given.hasPrefix("[") {
            guard given.hasSuffix("]"), let address = NetworkAddress(given.dropFirst().dropLast()),
                given.contains(":")
            else { throw .host }
            self.text = address.isVersion4 ? "::ffff:\(address)" : address.description
            self.address = address
            self.isVersion6 = true
            return
        }
        let name = try Self.name(given, ascii)
        let address = try Self.version4(name)
        self.text = address?.description ?? name
        self.address = address
        self.isVersion6 = false
    }

    /// As it stands in an address.
    var written: String { isVersion6 ? "[\(text)]" : text }

    /// Names that every system takes for itself or its network are private, whatever they resolve to.
    var isPublic: Bool {
        if let address { return address.isPublic }
        let labels = text.split(separator: ".")
        return labels.last.map { !Self.privateNames.contains(String($0)) } ?? false
    }

    /// RFC 6761 and 6762, and what ICANN never gives away.
    private static let privateNames: Set<String> = ["localhost", "localdomain", "local", "internal"]

    /// In lower case, as A-labels, without the dot at the end.
    private static func name(_ given: Substring, _ ascii: (String) -> String?) throws(HookURLFault) -> String {
        var name = String(given).lowercased()
        let isPlain = name.utf8.allSatisfy { $0 < 0x80 } && !name.contains("xn--")
        if !isPlain {
            guard let mapped = ascii(name) else { throw .host }
            name = mapped.lowercased()
        }
        if name.hasSuffix(".") { name.removeLast() }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(isLabel) else { throw .host }
        return name
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            && label.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    /// Nil for a name. A host whose last label is a number is an address or nothing (WHATWG URL, "ends in a number").
    private static func version4(_ name: String) throws(HookURLFault) -> NetworkAddress? {
        let labels = name.split(separator: ".")
        guard let last = labels.last, isNumber(last) else { return nil }
        guard labels.count <= 4 else { throw .host }
        var bits: UInt64 = 0
        for (index, label) in labels.enumerated() {
            guard let value = number(label) else { throw .host }
            // The last part fills what is left of the 32 bits.
            let room = index == labels.count - 1 ? 8 * UInt64(5 - labels.count) : 8
            guard value < 1 << room else { throw .host }
            bits = bits << room | value
        }
        return NetworkAddress(version4: UInt32(truncatingIfNeeded: bits))
    }

    private static func isNumber(_ label: Substring) -> Bool {
        label.utf8.allSatisfy { (48...57).contains($0) } || (label.hasPrefix("0x") && number(label) != nil)
    }

    /// Decimal, octal behind a 0, hexadecimal behind 0x.
    private static func number(_ label: Substring) -> UInt64? {
        if label.hasPrefix("0x") { return label.count == 2 ? 0 : digits(label.dropFirst(2), 16) }
        return label.hasPrefix("0") ? digits(label, 8) : digits(label, 10)
    }

    private static func digits(_ text: Substring, _ radix: Int) -> UInt64? {
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        let significant = text.drop { $0 == "0" }
        return significant.isEmpty ? 0 : UInt64(significant, radix: radix)
    }
}
