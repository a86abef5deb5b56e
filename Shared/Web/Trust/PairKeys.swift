package import API
package import Crypto
package import Kernel

/// The keys of the directed pairs this process is a side of, and of no other pair (architecture.md §3).
package struct PairKeys: Sendable {
    private struct Pair: Hashable {
        let from: ServiceName
        let to: ServiceName
    }

    /// Why the text is no list of keys. It names a line, never what stands in it.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        package let line: Int

        package init(line: Int) { self.line = line }

        package var description: String { "line \(line) is not from>to=key" }
    }

    private var keys: [Pair: PairKey] = [:]

    /// As `praxis keys issue` writes them: lines of `gateway>identity=<32 bytes in base64url>`.
    package init(_ text: Secret) throws(Fault) {
        for (index, line) in text.expose().split(whereSeparator: { $0 == "\n" || $0 == "," }).enumerated() {
            let sides = line.split(separator: "=", maxSplits: 1)
            let names =
                sides.first?.split(separator: ">").map(String.init).compactMap(ServiceName.init(rawValue:)) ?? []
            guard sides.count == 2, names.count == 2,
                let key = try? PairKey(
                    from: names[0].rawValue, to: names[1].rawValue, issued: Secret(String(sides[1])))
            else { throw Fault(line: index + 1) }
            keys[Pair(from: names[0], to: names[1])] = key
        }
    }

    /// All pairs of one process, derived from one master secret: for tests and machines that run everything.
    package init(master: Secret, of name: ServiceName) throws(CryptoFault) {
        for other in ServiceName.allCases {
            for (from, to) in [(name, other), (other, name)] {
                keys[Pair(from: from, to: to)] = try .derive(master: master, from: from.rawValue, to: to.rawValue)
            }
        }
    }

    package func key(from: ServiceName, to: ServiceName) -> PairKey? { keys[Pair(from: from, to: to)] }
}
