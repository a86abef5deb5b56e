import CZxcvbn
package import Kernel

/// How hard a password is to guess, by libzxcvbn. The class rules (upper, lower, digit …) are identity's own.
package enum PasswordStrength {
    /// Below this a password is refused (dependencies.md §2: `Password1!` has 7.8, the documents' own examples 16 and
    /// more).
    package static let leastBits = 15.0
    /// zxcvbn's time grows faster than its input; what lies beyond adds strength only.
    private static let longest = 100

    /// Bits of entropy as a guesser sees them who knows `words` (name, email, clinic).
    package static func bits(_ password: Secret, knowing words: [String] = []) -> Double {
        let text = String(password.expose().unicodeScalars.prefix(longest).map { Character($0) })
        let owned = words.flatMap { Self.parts(of: $0) }.map { word in word.utf8CString.map { $0 } }
        return unsafe withPointers(to: owned) { pointers in unsafe ZxcvbnMatch(text, pointers, nil) }
    }

    package static func isGuessable(_ password: Secret, knowing words: [String] = []) -> Bool {
        bits(password, knowing: words) < leastBits
    }

    /// A whole word and its parts: of `ali.khan@example.org` also `ali`, `khan` and `example`. zxcvbn compares in lower
    /// case.
    private static func parts(of word: String) -> [String] {
        let whole = word.lowercased().filter { $0 != "\0" }
        let parts = whole.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return ([whole] + parts).filter { $0.utf8.count >= 3 && $0.utf8.count <= 64 }
    }

    private static func withPointers<Result>(
        to words: [[CChar]], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        // One block of all words, and a table into it that ends with nil.
        let block = words.flatMap { $0 }
        return unsafe block.withUnsafeBufferPointer { block in
            var table: [UnsafePointer<CChar>?] = unsafe []
            var offset = 0
            for word in words {
                unsafe table.append(block.baseAddress.map { unsafe $0 + offset })
                offset += word.count
            }
            unsafe table.append(nil)
            return unsafe table.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
        }
    }
}
