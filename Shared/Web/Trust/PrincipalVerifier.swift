package import API
import Crypto
package import Kernel

/// Proves the principal of requests this process receives.
package struct PrincipalVerifier: Sendable {
    /// Why a request is not believed: a word for the log and the counter; the sender gets 401 and nothing else.
    package enum Refusal: String, Error, Sendable {
        case missing, malformed, unknownSender = "unknown_sender", notSigned = "not_signed"
    }

    private let name: ServiceName
    private let keys: [ServiceName: PairKey]
    private let clock: any WallClock

    package init(_ name: ServiceName, keys: PairKeys, clock: any WallClock = SystemClock()) {
        var own: [ServiceName: PairKey] = [:]
        for sender in ServiceName.allCases { own[sender] = keys.key(from: sender, to: name) }
        self.name = name
        self.keys = own
        self.clock = clock
    }

    package func verify(
        _ header: String?, method: String, target: String
    ) throws(Refusal) -> (sender: ServiceName, principal: Principal) {
        guard let header, !header.isEmpty else { throw .missing }
        let words = Substring(header).utf8.split(
            separator: UInt8(ascii: " "), maxSplits: Principal.words + 2, omittingEmptySubsequences: false)
        guard words.count == Principal.words + 3, let second = Int64(String(Substring(words[2]))) else {
            throw .malformed
        }
        guard let sender = ServiceName(rawValue: String(Substring(words[1]))), let key = keys[sender] else {
            throw .unknownSender
        }
        guard isFresh(Instant(seconds: second)), isSigned(header, words[0], with: key, method, target) else {
            throw .notSigned
        }
        guard let principal = Principal(words: Array(words[3...])) else { throw .malformed }
        return (sender, principal)
    }

    private func isFresh(_ time: Instant) -> Bool {
        let now = clock.now
        return time <= now + PrincipalStatement.leeway && now <= time + PrincipalStatement.life
    }

    private func isSigned(
        _ header: String, _ signature: Substring.UTF8View, with key: PairKey, _ method: String, _ target: String
    ) -> Bool {
        guard let given = Base64URL.decode(String(Substring(signature))) else { return false }
        var statement = Array(header.utf8[header.utf8.index(after: signature.endIndex)...])
        PrincipalStatement.bind(&statement, to: name, method, target)
        return ConstantTime.equal(key.sign(statement), given)
    }
}
