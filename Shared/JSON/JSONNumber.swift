/// A number in its original digits, so that money and big integers are never rounded on the way through.
package struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The literal, in the grammar of RFC 8259 §6.
    package let text: String

    /// For the reader and the writer, who have checked the grammar.
    init(checked text: String) { self.text = text }

    /// Nil for what JSON cannot say: infinities and NaN.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    /// Nil unless the text is one number literal that a finite double can stand for.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, first > 0x20, last > 0x20 else { return nil }
        switch try? JSONReader.read(bytes) {
        case .number(let number): self = number
        case .integer(let integer): self.text = integer.description
        default: return nil
        }
    }

    /// The nearest double; the reader has refused literals that have none.
    package var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    package var description: String { text }
}
