/// The fields of a received head: ranges of its bytes; a `String` is made only when one is asked for.
package struct MessageFields: Sendable {
    package let bytes: [UInt8]
    package let fields: [HeaderField]

    /// The first value of that name; `nil` when there is none or it is not UTF-8.
    package subscript(_ name: HeaderName) -> String? {
        let bytes = bytes.span
        return fields.first(name, in: bytes)?.text(in: bytes)
    }

    package func values(_ name: HeaderName) -> [String] { fields.values(name, in: bytes.span) }

    /// How many fields of that name there are, and where in `bytes` the first one's value stands.
    package func count(_ name: HeaderName) -> (count: Int, first: Slice?) {
        fields.count(name, in: bytes.span)
    }

    package func contains(_ name: HeaderName) -> Bool { fields.first(name, in: bytes.span) != nil }

    /// Every field with its name as it was sent.
    package var all: [(name: String, value: String)] {
        let bytes = bytes.span
        var all: [(String, String)] = []
        for field in fields {
            if let name = field.name.text(in: bytes), let value = field.value.text(in: bytes) {
                all.append((name, value))
            }
        }
        return all
    }

    /// These fields for another connection, byte for byte and in their order, without those that are `stopped` and
    /// those that a `Connection` field names.
    package func forwarded(without stopped: StoppedFields, into headers: inout Headers) {
        headers.forward(fields, in: bytes.span, without: stopped)
    }
}

extension Headers {
    /// As `MessageFields.forwarded`, from where the fields lie.
    package mutating func forward(_ fields: [HeaderField], in bytes: Span<UInt8>, without stopped: StoppedFields) {
        let namesOthers = ConnectionFields.nameOthers(fields, in: bytes)
        for field in fields {
            let name = field.name.range
            if stopped.holds(bytes, name) || namesOthers && ConnectionFields.name(bytes, name, fields) { continue }
            addReceived(field, in: bytes)
        }
    }
}
