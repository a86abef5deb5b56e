/// A text as it stands in JSON, quotes included. What was stored as JSON and is only passed on need not be made a
/// `String` and written again.
package struct JSONString: Sendable, Equatable {
    let bytes: ArraySlice<UInt8>

    package init(_ text: String) {
        var json = JSONWriter(reserving: text.utf8.count + 2)
        json.string(text)
        bytes = json.bytes[...]
    }

    /// - Parameter bytes: of one text that `JSONWriter` has written; not checked.
    init(written bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// This text, a blank, and the other.
    package func joined(with other: JSONString) -> JSONString {
        JSONString(written: bytes.dropLast() + [UInt8(ascii: " ")] + other.bytes.dropFirst())
    }
}
