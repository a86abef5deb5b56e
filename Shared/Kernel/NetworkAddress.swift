/// An IPv4 or IPv6 address as 128 bits; IPv4 stands in its mapped form (RFC 4291 §2.5.5.2), so that `::ffff:10.0.0.1`
/// and `10.0.0.1` are one address.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init?(_ text: some StringProtocol) {
        if let address = NetworkAddress.version4(text) {
            self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(address))
        } else if let address = NetworkAddress.version6(text) {
            self = address
        } else {
            return nil
        }
    }

    package var isVersion4: Bool { high == 0 && low >> 32 == 0xFFFF }

    package var description: String {
        isVersion4 ? NetworkAddress.text(UInt32(truncatingIfNeeded: low)) : NetworkAddress.words(high, low)
    }

    /// At most 15 characters, which a string holds without memory of its own.
    private static func text(_ address: UInt32) -> String {
        unsafe String(unsafeUninitializedCapacity: 15) { room in
            var end = 0
            for index in 0..<4 {
                if index > 0 {
                    unsafe room[end] = UInt8(ascii: ".")
                    end &+= 1
                }
                let byte = UInt8(truncatingIfNeeded: address >> UInt32(24 &- 8 &* index))
                if byte >= 100 {
                    unsafe room[end] = 0x30 &+ byte / 100
                    end &+= 1
                }
                if byte >= 10 {
                    unsafe room[end] = 0x30 &+ byte / 10 % 10
                    end &+= 1
                }
                unsafe room[end] = 0x30 &+ byte % 10
                end &+= 1
            }
            return end
        }
    }

    private static func words(_ high: UInt64, _ low: UInt64) -> String {
        let shifts: [UInt64] = [48, 32, 16, 0]
        let words: [UInt64] = shifts.map { high >> $0 & 0xFFFF } + shifts.map { low >> $0 & 0xFFFF }
        return words.map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func version4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            // Leading zeros are refused: some readers take them for octal.
            guard (1...3).contains(part.utf8.count), part.utf8.count == 1 || !part.hasPrefix("0"),
                part.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let byte = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func version6(_ text: some StringProtocol) -> NetworkAddress? {
        guard text.utf8.count <= 45 else { return nil }
        var halves: [[UInt16]] = [[]]
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts.count <= 9 else { return nil }
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                let atEdge = index == 0 || index == parts.count - 1
                // An edge is empty only beside the `::` itself.
                if atEdge {
                    guard parts[index == 0 ? 1 : index - 1].isEmpty else { return nil }
                    continue
                }
                guard halves.count == 1 else { return nil }
                halves.append([])
            } else if index == parts.count - 1, let tail = version4(part) {
                halves[halves.count - 1] += [UInt16(tail >> 16), UInt16(tail & 0xFFFF)]
            } else {
                guard part.utf8.count <= 4,
                    part.utf8.allSatisfy({ UInt8(ascii: "+") != $0 && UInt8(ascii: "-") != $0 }),
                    let word = UInt16(part, radix: 16)
                else { return nil }
                halves[halves.count - 1].append(word)
            }
        }
        let count = halves.reduce(0) { $0 + $1.count }
        guard halves.count == 2 ? count <= 7 : count == 8 else { return nil }
        let gap = [UInt16](repeating: 0, count: 8 - count)
        let words = halves.count == 2 ? halves[0] + gap + halves[1] : halves[0]
        func join(_ slice: ArraySlice<UInt16>) -> UInt64 { slice.reduce(0) { $0 << 16 | UInt64($1) } }
        return NetworkAddress(high: join(words[0..<4]), low: join(words[4..<8]))
    }
}

/// A block of addresses in CIDR form (`10.0.0.0/8`, `fd00::/8`), or one address.
package struct NetworkBlock: Sendable, Hashable {
    private let base: NetworkAddress
    private let bits: Int

    /// The IPv6 block whose addresses begin with these bits.
    init(high: UInt64, bits: Int) {
        base = NetworkAddress(high: high, low: 0)
        self.bits = bits
    }

    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let first = parts.first, let base = NetworkAddress(first) else {
            return nil
        }
        var bits = 128
        if parts.count == 2 {
            guard let given = UInt8(parts[1]), given <= (base.isVersion4 ? 32 : 128) else { return nil }
            bits = Int(given) + (base.isVersion4 ? 96 : 0)
        }
        self.base = base
        self.bits = bits
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        let highMask: UInt64 = bits >= 64 ? .max : bits == 0 ? 0 : .max << UInt64(64 - bits)
        let lowMask: UInt64 = bits >= 128 ? .max : bits <= 64 ? 0 : .max << UInt64(128 - bits)
        return (address.high ^ base.high) & highMask == 0 && (address.low ^ base.low) & lowMask == 0
    }
}
