/// The type of a column as the server names it: `pg_type.oid`, which is fixed for the types listed here.
package struct SQLType: Sendable, Equatable {
    let oid: UInt32

    static let bool = SQLType(oid: 16), bytea = SQLType(oid: 17), name = SQLType(oid: 19), text = SQLType(oid: 25)
    static let int2 = SQLType(oid: 21), int4 = SQLType(oid: 23), int8 = SQLType(oid: 20), numeric = SQLType(oid: 1700)
    static let float4 = SQLType(oid: 700), float8 = SQLType(oid: 701)
    static let date = SQLType(oid: 1082), timestamptz = SQLType(oid: 1184), uuid = SQLType(oid: 2950)
    static let json = SQLType(oid: 114), jsonb = SQLType(oid: 3802)
    private static let unknown = SQLType(oid: 705), varchar = SQLType(oid: 1043), bpchar = SQLType(oid: 1042)
    private static let void = SQLType(oid: 2278)

    /// Whether the binary form is the text itself.
    var isText: Bool {
        switch self {
        case .text, .varchar, .bpchar, .name, .unknown, .json, .void: true
        default: false
        }
    }
}

extension Span<UInt8> {
    /// The signed integer in network order that begins at `offset`; nil when the bytes end before it does.
    func integer<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int = 0, as type: Number.Type) -> Number? {
        let width = MemoryLayout<Number>.size
        guard offset >= 0, count - offset >= width else { return nil }
        return Number(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
