import Observability

/// The id a request is known by in answers and logs.
package enum RequestID {
    package static func make() -> String {
        let digits = String(DistinctNumber.make(), radix: 16)
        return "req-" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

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
