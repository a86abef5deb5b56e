extension NetworkAddress {
    /// An IPv4 address by its 32 bits.
    package init(version4 bits: UInt32) { self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(bits)) }

    /// Whether what answers there may be a stranger's: false for every address that leads to this machine, its network
    /// or many machines at once, however it is written (IANA's special-purpose registries, RFC 6890). The ranges of
    /// documentation (RFC 5737, 3849) lead nowhere, and pass.
    package var isPublic: Bool {
        if isVersion4 { return !PublicAddresses.refused4.contains { $0.contains(self) } }
        // An IPv4 address inside: what carries packets to it decides, so it counts.
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return embedded(low).isPublic }
        if high >> 48 == 0x2002 { return embedded(high >> 16).isPublic }
        guard PublicAddresses.unicast.contains(self), !PublicAddresses.refused6.contains(where: { $0.contains(self) })
        else { return false }
        // ISATAP (RFC 5214): the interface's half names an IPv4 address.
        return low >> 32 & 0xFDFF_FFFF == 0x5EFE ? embedded(low).isPublic : true
    }

    /// NAT64 (RFC 6052), 6to4 (RFC 3056) and ISATAP keep one in 32 bits.
    private func embedded(_ bits: UInt64) -> NetworkAddress {
        NetworkAddress(version4: UInt32(truncatingIfNeeded: bits))
    }
}

private enum PublicAddresses {
    /// This network, private, carrier's NAT, loopback, link-local, protocol assignments, 6to4 relays, private,
    /// benchmarks, multicast, reserved with broadcast.
    static let refused4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
    ].compactMap { NetworkBlock($0) }

    /// All that is routed; beside it lie loopback, the unspecified address, unique local, link-local, multicast, and
    /// what nobody was given yet.
    static let unicast = NetworkBlock(high: 0x2000_0000_0000_0000, bits: 3)

    /// Protocol assignments, Teredo among them.
    static let refused6 = [NetworkBlock(high: 0x2001_0000_0000_0000, bits: 23)]
}
