/// What one document may ask of us. Bounds on nodes keep the tree within ten times the largest document's size.
package struct JSONLimits: Sendable, Equatable {
    /// Arrays and objects within each other.
    package var depth: Int
    /// Elements of one array, and members of one object.
    package var nodesPerArray: Int
    /// Values in the whole document.
    package var nodes: Int
    /// Bytes of one string or key, escapes resolved.
    package var stringBytes: Int
    /// Bytes of all keys beyond ASCII in the document: comparing such keys is slow.
    package var unicodeKeyBytes: Int
    /// Bytes of one number literal.
    package var numberBytes: Int
    /// Bytes of the document.
    package var bytes: Int

    package static let `default` = JSONLimits()

    package init(
        depth: Int = 32, nodesPerArray: Int = 10_000, nodes: Int = 100_000, stringBytes: Int = 65_536,
        unicodeKeyBytes: Int = 65_536, numberBytes: Int = 512, bytes: Int = 1_048_576
    ) {
        self.depth = depth
        self.nodesPerArray = nodesPerArray
        self.nodes = nodes
        self.stringBytes = stringBytes
        self.unicodeKeyBytes = unicodeKeyBytes
        self.numberBytes = numberBytes
        self.bytes = bytes
    }
}
