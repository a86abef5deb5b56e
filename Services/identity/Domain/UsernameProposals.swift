/// Usernames for someone who chose none: made from the name, tried in order until one is free.
package struct UsernameProposals: Sendable {
    private let stem: String
    private let random: UInt64

    /// `random` gives the digits of the later proposals.
    package init(name: String, random: UInt64) {
        stem = UsernameProposals.stem(of: name)
        self.random = random
    }

    /// Few, since the last have so many digits that a second collision is a fault elsewhere.
    package static let count = 5

    package var all: [String] {
        (0..<UsernameProposals.count).map { try0 in
            let digits = String(random >> UInt64(try0 * 5) | 1 << 62).suffix(2 + 2 * try0)
            return try0 == 0 && stem != "user" ? stem : stem + digits
        }
    }

    /// "Dr. Alice Johnson" → `dralicejohnson`: ASCII letters and digits, lower case, at most 24; `user` where none is
    /// left.
    private static func stem(of name: String) -> String {
        let bytes = name.lowercased().utf8.filter { byte in
            switch byte {
            case 48...57, 97...122: true
            default: false
            }
        }
        let stem = String(decoding: bytes.prefix(24), as: UTF8.self)
        return stem.utf8.count < 3 ? "user" : stem
    }
}
