/// Reads an object whose members stand in an order that is known, from bytes as `JSONWriter` writes them: compact, and
/// what is not there left out. A member that does not come next is absent; what is left at the end (`isWhole`) was not
/// understood, and such bytes are for `JSONReader`. No tree is built, and no key is compared but the next one.
package struct JSONOrderedMembers {
    private let bytes: [UInt8]
    private var cursor = JSONCursor(limits: .default)
    private var isFirst = true

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The member of that name when it comes next and is a text.
    package mutating func text(_ key: StaticString) -> String? {
        guard let start = start(of: key), start < bytes.count, bytes[start] == UInt8(ascii: "\"") else { return nil }
        let from = cursor.at
        cursor.at = start
        let bytes = bytes
        guard let text = try? cursor.string(bytes.span) else {
            cursor.at = from
            return nil
        }
        isFirst = false
        return text
    }

    /// Where that text stands, quotes included.
    package mutating func place(_ key: StaticString) -> Range<Int>? {
        guard let start = start(of: key), start < bytes.count, bytes[start] == UInt8(ascii: "\"") else { return nil }
        let from = cursor.at
        cursor.at = start
        let bytes = bytes
        guard cursor.skipString(bytes.span) else {
            cursor.at = from
            return nil
        }
        isFirst = false
        return start..<cursor.at
    }

    /// The member of that name when it comes next and is a list of texts.
    package mutating func texts(_ key: StaticString) -> [String]? {
        guard let start = start(of: key), start < bytes.count, bytes[start] == UInt8(ascii: "[") else { return nil }
        let from = cursor.at
        cursor.at = start
        let bytes = bytes
        guard case .array(let elements)? = try? cursor.value(bytes.span, depth: 1) else {
            cursor.at = from
            return nil
        }
        isFirst = false
        return elements.compactMap(\.string)
    }

    /// Whether nothing but the end of the object follows what was read.
    package var isWhole: Bool {
        !isFirst && cursor.at + 1 == bytes.count && bytes[cursor.at] == UInt8(ascii: "}")
    }

    /// Where the value of the next member begins; nil when it has another name.
    private func start(of key: StaticString) -> Int? {
        let before = cursor.at
        let count = key.utf8CodeUnitCount
        guard bytes.count - before >= count + 4,
            bytes[before] == (isFirst ? UInt8(ascii: "{") : UInt8(ascii: ",")), bytes[before + 1] == UInt8(ascii: "\""),
            bytes[before + 2 + count] == UInt8(ascii: "\""), bytes[before + 3 + count] == UInt8(ascii: ":")
        else { return nil }
        let isKey = key.withUTF8Buffer { key in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe JSONBytes.areEqual(key, bytes.extracting(before + 2..<before + 2 + count))
            }
        }
        return isKey ? before + 4 + count : nil
    }
}
