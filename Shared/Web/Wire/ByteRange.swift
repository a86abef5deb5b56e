/// What a `Range` field asks of a file (RFC 9110 §14).
enum ByteRange: Equatable {
    /// All of it: no range, several, or a field that cannot be read, which is to be ignored.
    case whole
    case part(Range<Int>)
    /// One range, and nothing of the file lies in it.
    case unsatisfiable

    init(_ field: String?, length: Int) {
        self = field.flatMap { Self.read($0, length) } ?? .whole
    }

    private static func read(_ field: String, _ length: Int) -> ByteRange? {
        let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, pair[0].lowercased() == "bytes" else { return nil }
        let ends = pair[1].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        if ends[0].isEmpty { return number(ends[1]).map { suffix($0, length) } }
        guard let first = number(ends[0]) else { return nil }
        let last = ends[1].isEmpty ? Int.max : number(ends[1])
        guard let last, first <= last else { return nil }
        return first < length ? .part(first..<min(last, length - 1) + 1) : .unsatisfiable
    }

    private static func suffix(_ count: Int, _ length: Int) -> ByteRange {
        if count == 0 { return .unsatisfiable }
        // Nothing can be named as the range of an empty file.
        return length == 0 ? .whole : .part(max(0, length - count)..<length)
    }

    /// Digits alone; what no file is as long as counts as the greatest number.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text) ?? .max
    }
}
