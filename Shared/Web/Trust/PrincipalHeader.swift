package import API
import Crypto
package import Kernel

/// Names of the fields between our processes. The gateway removes everything called `X-Praxis-…` that came from outside.
package enum InternalField {
    package static let principal = "X-Praxis-Principal"
    /// Whole milliseconds that are left for the answer: a duration, so that clocks need not agree.
    package static let deadline = "X-Praxis-Deadline"
    /// Lower case, as names are compared.
    package static let prefix: StaticString = "x-praxis-"
}

/// Writes the principal of requests this process sends: `1.<from>.<second>.<words>.<signature>`, signed with the pair's
/// key over the words, the method and the target, so that it is good for this request, this receiver and one minute.
package struct PrincipalSigner: Sendable {
    package let name: ServiceName
    private let keys: PairKeys
    private let clock: any WallClock

    package init(_ name: ServiceName, keys: PairKeys, clock: any WallClock = SystemClock()) {
        (self.name, self.keys, self.clock) = (name, keys, clock)
    }

    /// The field's value; nil when this process has no key for the receiver and therefore no business with it.
    /// - Parameter target: path and query exactly as they are sent.
    package func header(_ principal: Principal, to receiver: ServiceName, method: String, target: String) -> String? {
        guard let key = keys.key(from: name, to: receiver) else { return nil }
        let now = clock.now
        let words = Base64URL.encode(principal.text)
        let signature = PrincipalSignature.sign(bound(words, method, target), at: now, with: key)
        var header = "1."
        header.reserveCapacity(words.utf8.count + signature.utf8.count + 40)
        for word in [name.rawValue, String(now.seconds), words] {
            header += word
            header += "."
        }
        return header + signature
    }
}

/// Proves the principal of requests this process receives.
package struct PrincipalVerifier: Sendable {
    /// Why a request is not believed: a word for the log and the counter; the sender hears 401 and nothing else.
    package enum Refusal: String, Error, Sendable {
        case missing, malformed, unknownSender = "unknown_sender", notSigned = "not_signed"
    }

    private let name: ServiceName
    private let keys: PairKeys
    private let clock: any WallClock

    package init(_ name: ServiceName, keys: PairKeys, clock: any WallClock = SystemClock()) {
        (self.name, self.keys, self.clock) = (name, keys, clock)
    }

    package func verify(
        _ header: String?, method: String, target: String
    ) throws(Refusal) -> (sender: ServiceName, principal: Principal) {
        guard let header, !header.isEmpty else { throw .missing }
        let parts = header.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard parts.count == 5, parts[0] == "1", let second = Int64(parts[2]) else { throw .malformed }
        guard let sender = ServiceName(rawValue: parts[1]), let key = keys.key(from: sender, to: name) else {
            throw .unknownSender
        }
        let time = Instant(seconds: second)
        guard
            PrincipalSignature.verify(
                parts[4], for: bound(parts[3], method, target), signedAt: time, now: clock.now, with: key)
        else { throw .notSigned }
        guard let bytes = Base64URL.decode(parts[3]), let text = String(validating: bytes, as: UTF8.self),
            let principal = Principal(text: text)
        else { throw .malformed }
        return (sender, principal)
    }
}

private func bound(_ words: String, _ method: String, _ target: String) -> [UInt8] {
    CanonicalText.bytes([("words", words), ("method", method), ("target", target)])
}
