/// One value sealed with a data key of its own, which stands wrapped in front of it: for rows that belong to nobody
/// whose key could be used, and are soon deleted or seldom read.
package struct SealedBox: Sendable {
    /// The bytes are no box.
    package struct Broken: Error {}

    private let sealer: Sealer

    package init(_ sealer: Sealer) { self.sealer = sealer }

    /// `length of the wrapped key (2 bytes) ‖ wrapped key ‖ sealed value`.
    package func seal(_ plain: [UInt8], authenticating associatedData: AssociatedData, owner: String) throws -> [UInt8]
    {
        let (key, wrapped) = try sealer.makeKey(for: owner)
        return try Self.joined(wrapped, try key.seal(plain, authenticating: associatedData))
    }

    /// The same box, its key wrapped by the current master key; nil when it is already.
    package func rewrap(_ box: [UInt8], owner: String) throws -> [UInt8]? {
        let (wrapped, sealed) = try Self.parts(of: box)
        guard let wrapped = try sealer.rewrap(wrapped, for: owner) else { return nil }
        return try Self.joined(wrapped, sealed)
    }

    package func open(_ box: [UInt8], authenticating associatedData: AssociatedData, owner: String) throws -> [UInt8] {
        let (wrapped, sealed) = try Self.parts(of: box)
        return try sealer.unwrap(wrapped, for: owner).open(sealed, authenticating: associatedData)
    }

    private static func joined(_ wrapped: [UInt8], _ sealed: [UInt8]) throws -> [UInt8] {
        guard let length = UInt16(exactly: wrapped.count) else { throw Broken() }
        return [UInt8(length >> 8), UInt8(length & 0xFF)] + wrapped + sealed
    }

    private static func parts(of box: [UInt8]) throws -> (wrapped: [UInt8], sealed: [UInt8]) {
        guard box.count > 2 else { throw Broken() }
        let end = 2 + (Int(box[0]) << 8 | Int(box[1]))
        guard end < box.count else { throw Broken() }
        return (Array(box[2..<end]), Array(box[end...]))
    }
}
