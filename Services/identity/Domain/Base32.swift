/// RFC 4648 §6 without padding: letters and digits that nobody mistakes for each other when typing them.
package enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var pending: UInt32 = 0
        var count = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(letter(pending >> UInt32(count)))
            }
            pending &= 0xFF
        }
        if count > 0 { text.append(letter(pending << UInt32(5 - count))) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Of the five lowest bits, so that it always exists.
    private static func letter(_ bits: UInt32) -> UInt8 { alphabet[Int(bits & 31)] }

    static func isLetter(_ byte: UInt8) -> Bool { alphabet.contains(byte) }
}
