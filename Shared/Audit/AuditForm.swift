/// Fields as bytes to be hashed and signed: a tag that says what they are, then each field with its presence and length
/// before it, so that no two different records give the same bytes.
struct AuditForm {
    private(set) var bytes: [UInt8] = []

    /// - Parameter tag: what it is and in which version, as `praxis audit entry 1`; a new form gets a new tag.
    init(_ tag: String) { add(tag) }

    mutating func add(_ value: [UInt8]?) {
        guard let value else { return bytes.append(0) }
        bytes.append(1)
        let length = UInt32(clamping: value.count)
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
        bytes += value
    }

    mutating func add(_ text: String?) { add(text.map { Array($0.utf8) }) }

    mutating func add(_ number: Int64) { add(Self.bytes(of: UInt64(bitPattern: number))) }

    static func bytes(of number: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
    }
}
