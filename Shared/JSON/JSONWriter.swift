/// Writes compact JSON straight into bytes. Commas come by themselves; a body that writes each key once gives a valid
/// document. Members come out in the order they are written, so equal values give equal bytes.
///
///     var writer = JSONWriter()
///     writer.object {
///         $0.field("name", name)
///         $0.array("tags") { for tag in tags { $0.string(tag) } }
///     }
package struct JSONWriter: Sendable {
    package internal(set) var bytes: [UInt8]
    /// Whether something stands before the next value or key in the same array or object.
    private var follows = false

    package init(reserving capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        open(UInt8(ascii: "["))
        try body(&self)
        close(UInt8(ascii: "]"))
    }

    package mutating func key(_ key: StaticString) {
        separate()
        append(quoting: key)
        bytes.append(UInt8(ascii: ":"))
        follows = false
    }

    package mutating func key(_ key: JSONKey) {
        // Without the comma where nothing stands before it.
        append((follows ? 0 : 1)..<key.bytes.count, of: key.bytes)
        follows = false
    }

    package mutating func key(_ key: String) {
        separate()
        append(quoting: key)
        bytes.append(UInt8(ascii: ":"))
        follows = false
    }

    @_disfavoredOverload
    package mutating func string(_ text: StaticString) {
        separate()
        append(quoting: text)
    }

    package mutating func string(_ text: String) {
        separate()
        append(quoting: text)
    }

    /// A text whose bytes may all stand as they are: no quote, no backslash and no control character.
    package mutating func plain(_ text: Span<UInt8>) {
        separate()
        unsafe text.withUnsafeBufferPointer { unsafe append(quotingPlain: $0) }
    }

    package mutating func integer(_ number: some FixedWidthInteger) {
        separate()
        append(decimal: number)
    }

    package mutating func bool(_ truth: Bool) {
        separate()
        append(truth ? "true" : "false")
    }

    package mutating func null() {
        separate()
        append("null")
    }

    package mutating func number(_ number: JSONNumber) {
        separate()
        bytes.append(contentsOf: number.text.utf8)
    }

    /// JSON has no infinity and no NaN: they are written as `null`.
    package mutating func number(_ value: Double) {
        guard let number = JSONNumber(value) else { return null() }
        self.number(number)
    }

    /// A value that is JSON already, for example from the database; it is not checked.
    package mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Values that are JSON already, one after the other.
    package mutating func raw(each values: [[UInt8]]) {
        bytes.reserveCapacity(values.reduce(bytes.count + 1) { $0 + $1.count + 1 })
        for json in values {
            separate()
            bytes.append(contentsOf: json)
        }
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let truth): bool(truth)
        case .integer(let integer): self.integer(integer)
        case .number(let number): self.number(number)
        case .string(let text): string(text)
        case .array(let elements): array { for element in elements { $0.value(element) } }
        case .object(let members):
            object {
                for member in members {
                    $0.key(member.key)
                    $0.value(member.value)
                }
            }
        }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        follows = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        follows = true
    }

    mutating func separate() {
        if follows { bytes.append(UInt8(ascii: ",")) }
        follows = true
    }
}
