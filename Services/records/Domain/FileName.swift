import Kernel

/// What an uploaded file is saved as by whoever downloads it; it never names a file of ours.
package struct FileName: Sendable, Equatable {
    /// At most 255 bytes, composed (NFC), without folders, control characters and quotes.
    package let text: String
    /// What stands behind the last dot, in lower case; nil when nothing does.
    package let `extension`: String?

    /// - Parameter sent: as the sender calls it.
    package init(_ sent: String) {
        let last = sent.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? ""
        let kept = last.unicodeScalars.filter { !CleanText.isControl($0) && $0 != "\"" }
        let clean = CleanText.trimmed(CleanText.nfc(String(String.UnicodeScalarView(kept))))
        guard let dot = clean.lastIndex(of: "."), clean.index(after: dot) < clean.endIndex else {
            text = Self.cut(clean, to: Self.limit)
            `extension` = nil
            return
        }
        let ending = String(clean[clean.index(after: dot)...])
        // A name that is nothing but an extension would be hidden, or none, where it is saved.
        let stem = dot == clean.startIndex ? "file" : String(clean[..<dot])
        `extension` = ending.lowercased()
        text =
            ending.utf8.count < 32
            ? Self.cut(stem, to: Self.limit - ending.utf8.count - 1) + "." + ending
            : Self.cut(clean, to: Self.limit)
    }

    private static let limit = 255

    /// The characters that fit.
    private static func cut(_ text: String, to limit: Int) -> String {
        var cut = text
        while cut.utf8.count > limit { cut.removeLast() }
        return cut
    }
}
