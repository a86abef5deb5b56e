/// Text of any script in a header parameter: `UTF-8''na%C3%AFve.pdf` (RFC 8187).
enum ExtendedValue {
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes = Array("UTF-8''".utf8)
        for byte in text.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `attr-char`.
    private static func isPlain(_ byte: UInt8) -> Bool {
        ParameterList.isToken(byte) && byte != UInt8(ascii: "*") && byte != UInt8(ascii: "'")
            && byte != UInt8(ascii: "%")
    }
}
