package import Kernel

/// Whose requests are counted together: an account's or an address's, as bits.
package struct RateKey: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    package init(_ account: ID<Account>) { (high, low) = (account.high, account.low) }

    /// An IPv4 address, or the /64 of an IPv6 one, since one customer holds all of that. It is no account's: their ids
    /// have a variant in the lower half.
    package init(_ address: NetworkAddress) {
        high = address.high
        low = address.isVersion4 ? address.low : 0
    }

    /// As Redis has it.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(hexadecimal: high)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(hexadecimal: low)
    }
}
