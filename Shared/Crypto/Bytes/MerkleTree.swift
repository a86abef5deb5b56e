/// The tree hash of RFC 6962 §2.1: leaves and inner nodes are distinguished by their first byte, so that none passes
/// for the other.
package enum MerkleTree {
    package static func leaf(_ bytes: [UInt8]) -> [UInt8] { Digest.sha256([0x00] + bytes) }

    /// The root over leaves in their order; over none, the digest of nothing.
    package static func root(_ leaves: [[UInt8]]) -> [UInt8] {
        var level = leaves
        if level.isEmpty { return Digest.sha256([UInt8]()) }
        while level.count > 1 {
            // An odd last node moves up as it is: the left subtree is always the largest full one.
            level = stride(from: 0, to: level.count, by: 2).map { index in
                index + 1 < level.count ? Digest.sha256([0x01] + level[index] + level[index + 1]) : level[index]
            }
        }
        return level[0]
    }
}
