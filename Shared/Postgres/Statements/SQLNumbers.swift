extension SQLValue where Self: FixedWidthInteger {
    package var sqlParameter: SQLParameter { .text(String(self)) }
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> Self? {
        switch type {
        case .int8: value.integer(as: Int64.self).flatMap(Self.init(exactly:))
        case .int4: value.integer(as: Int32.self).flatMap(Self.init(exactly:))
        case .int2: value.integer(as: Int16.self).flatMap(Self.init(exactly:))
        // A sum is a numeric, a setting a text.
        default: String.read(value, type).flatMap { Self($0) }
        }
    }
}
extension Int: SQLValue {}
extension Int16: SQLValue {}

/// Many of them are `bigint[]`, in binary form.
extension Int64: SQLValue {
    package static func arrayParameter(_ values: [Int64]) -> SQLParameter {
        .bytes(ArrayBytes.write(values, of: .int8))
    }
}

/// Many of them are `integer[]`, in binary form.
extension Int32: SQLValue {
    package static func arrayParameter(_ values: [Int32]) -> SQLParameter {
        .bytes(ArrayBytes.write(values, of: .int4))
    }
}

extension Double: SQLValue {
    package var sqlParameter: SQLParameter { .text(isInfinite ? (self < 0 ? "-infinity" : "infinity") : description) }
    package static func read(_ value: Span<UInt8>, _ type: SQLType) -> Double? {
        switch type {
        case .float8: value.integer(as: UInt64.self).map(Double.init(bitPattern:))
        case .float4: value.integer(as: UInt32.self).map { Double(Float(bitPattern: $0)) }
        default: String.read(value, type).flatMap { Double($0) }
        }
    }
}

/// The binary form of `numeric`: digits to the base 10 000, of which the first counts 10 000 to the `weight`, a sign,
/// and how many decimal places are shown.
enum NumericText {
    /// The decimal text; nil for what is no number (`NaN`, infinities) and for bytes of another form.
    static func read(_ value: Span<UInt8>) -> String? {
        guard let count = value.integer(at: 0, as: Int16.self), let weight = value.integer(at: 2, as: Int16.self),
            let sign = value.integer(at: 4, as: UInt16.self), sign == 0 || sign == 0x4000,
            let places = value.integer(at: 6, as: Int16.self), count >= 0, places >= 0,
            value.count == 8 + 2 * Int(count)
        else { return nil }
        /// The four decimal digits that count 10 000 to the `power`.
        func group(_ power: Int) -> String {
            let index = Int(weight) - power
            let digits = index >= 0 && index < count ? value.integer(at: 8 + 2 * index, as: Int16.self) ?? 0 : 0
            return String(String(10_000 + Int(digits)).dropFirst())
        }
        let whole = weight < 0 ? "0" : (0...Int(weight)).reversed().map(group).joined()
        let trimmed = whole.drop { $0 == "0" }
        var text = (sign == 0 ? "" : "-") + (trimmed.isEmpty ? "0" : String(trimmed))
        if places > 0 {
            let groups = (Int(places) + 3) / 4
            text += "." + (1...groups).map { group(-$0) }.joined().prefix(Int(places))
        }
        return text
    }
}
