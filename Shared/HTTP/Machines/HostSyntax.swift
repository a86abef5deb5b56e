/// The grammar of `Host` and of an absolute target's authority: a name, an IPv4 or a bracketed IPv6 address, and a
/// port.
enum HostSyntax {
    /// Letters, digits, `-._`: what names of hosts are made of.
    private static let name = FieldSyntax.Characters(low: 0x03FF_6000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)

    static func isAuthority(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let first = range.first else { return false }
        let hostEnd: Int
        if bytes[first] == UInt8(ascii: "[") {
            guard let end = addressEnd(bytes, range) else { return false }
            hostEnd = end
        } else {
            var end = first
            while end < range.upperBound, name.contains(bytes[end]) { end += 1 }
            guard end > first else { return false }
            hostEnd = end
        }
        return hostEnd == range.upperBound || isPort(bytes, hostEnd..<range.upperBound)
    }

    /// Behind the closing bracket of an IPv6 address.
    private static func addressEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var offset = range.lowerBound + 1
        var colons = 0
        while offset < range.upperBound, bytes[offset] != UInt8(ascii: "]") {
            let byte = bytes[offset]
            guard FieldSyntax.hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") else {
                return nil
            }
            if byte == UInt8(ascii: ":") { colons += 1 }
            offset += 1
        }
        guard offset < range.upperBound, (2...8).contains(colons) else { return nil }
        return offset + 1
    }

    /// A colon and a number from 1 to 65535.
    private static func isPort(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard bytes[range.lowerBound] == UInt8(ascii: ":"), (2...6).contains(range.count) else { return false }
        var port = 0
        for offset in range.dropFirst() {
            guard FieldSyntax.isDigit(bytes[offset]) else { return false }
            port = port * 10 + Int(bytes[offset] - 0x30)
        }
        return (1...65_535).contains(port)
    }
}
