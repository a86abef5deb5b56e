/// A text message of our own keeping, read back.
package struct StoredText: Sendable {
    package let headers: [(name: String, value: String)]
    package let text: String

    package init(_ bytes: [UInt8]) {
        let source = String(decoding: bytes, as: UTF8.self)
        let parts = source.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        headers = (parts.first ?? "").split(separator: "\n").compactMap { line in
            line.firstRange(of: ": ").map { (String(line[..<$0.lowerBound]), String(line[$0.upperBound...])) }
        }
        text = parts.count > 1 ? String(parts[1]) : ""
    }

    /// The value of a header; empty when there is none.
    package subscript(name: String) -> String { headers.first { $0.name == name }?.value ?? "" }
}
