import Observability

/// The id a request is known by in answers and logs.
package enum RequestID {
    /// `req-` and 64 bits in base64url: 15 characters, which a string holds without memory of its own.
    package static func make() -> String {
        let number = DistinctNumber.make()
        return unsafe String(unsafeUninitializedCapacity: 15) { room in
            unsafe room[0] = UInt8(ascii: "r")
            unsafe room[1] = UInt8(ascii: "e")
            unsafe room[2] = UInt8(ascii: "q")
            unsafe room[3] = UInt8(ascii: "-")
            for digit in 0..<11 {
                unsafe room[4 &+ digit] = digits.utf8Start[Int(truncatingIfNeeded: number >> UInt64(6 &* digit)) & 63]
            }
            return 15
        }
    }

    private static let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    /// A client's own id is kept if it is sane: 8 to 64 letters, digits, `-`, `_` and `.`.
    package static func isSane(_ text: String) -> Bool {
        (8...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 45, 46, 95: true
                default: false
                }
            }
    }
}
