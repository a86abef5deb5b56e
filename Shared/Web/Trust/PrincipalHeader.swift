package import API
import Crypto
package import HTTP
package import Kernel

/// Names of the fields between our processes. The gateway removes everything called `X-Praxis-…` that came from
/// outside.
package enum InternalField {
    package static let principal: StaticString = "X-Praxis-Principal"
    /// Whole milliseconds that are left for the answer: a duration, so that clocks need not agree.
    package static let deadline: StaticString = "X-Praxis-Deadline"
    /// Lower case, as names are compared.
    package static let prefix: StaticString = "x-praxis-"
}

/// What a principal's signature is over: the statement as it stands in the field – who sends, the second it is signed
/// at, the principal's words – and, a line each, the receiver, the method and the target. So it is good for this
/// request, this receiver and one minute.
enum PrincipalStatement {
    static let life: Duration = .seconds(60)
    /// How far the clocks of two processes may differ.
    static let leeway: Duration = .seconds(5)

    static func bind(_ statement: inout [UInt8], to receiver: ServiceName, _ method: String, _ target: String) {
        bind(&statement, to: line(receiver), method, target.utf8.span)
    }

    /// - Parameter receiver: its `line`.
    static func bind(_ statement: inout [UInt8], to receiver: [UInt8], _ method: String, _ target: Span<UInt8>) {
        statement.append(all: receiver)
        statement.append(method)
        statement.append("\n")
        statement.append(target, 0..<target.count)
    }

    static func line(_ receiver: ServiceName) -> [UInt8] { Array("\n\(receiver.rawValue)\n".utf8) }
}

/// Writes the principal of requests this process sends: the signature in base64url, a blank, and the statement.
package struct PrincipalSigner: Sendable {
    package let name: ServiceName
    private let keys: [ServiceName: PairKey]
    private let clock: any WallClock

    package init(_ name: ServiceName, keys: PairKeys, clock: any WallClock = SystemClock()) {
        var own: [ServiceName: PairKey] = [:]
        for receiver in ServiceName.allCases { own[receiver] = keys.key(from: name, to: receiver) }
        self.name = name
        self.keys = own
        self.clock = clock
    }

    /// What signs for one receiver; nil when this process has no key for it and therefore no business with it.
    package func pairSigner(for receiver: ServiceName) -> PairSigner? {
        keys[receiver].map { PairSigner(from: name, to: receiver, key: $0) }
    }

    /// Adds the field to `headers`; false when this process has no key for the receiver.
    /// - Parameter target: path and query exactly as they are sent.
    package func sign(
        _ principal: Principal, to receiver: ServiceName, method: String, target: String, into headers: inout Headers
    ) -> Bool {
        guard let pairSigner = pairSigner(for: receiver) else { return false }
        return pairSigner.sign(principal, at: clock.now, method: method, target: target, into: &headers)
    }

    /// Signs for one receiver.
    package struct PairSigner: Sendable {
        private let key: PairKey
        /// Room for a signature, and who sends.
        private let beginning: [UInt8]
        private let receiver: [UInt8]

        init(from sender: ServiceName, to receiver: ServiceName, key: PairKey) {
            self.key = key
            beginning = Array((String(repeating: "-", count: Self.signature) + " \(sender.rawValue) ").utf8)
            self.receiver = PrincipalStatement.line(receiver)
        }

        package func sign(
            _ principal: Principal, at now: Instant, method: String, target: String, into headers: inout Headers
        ) -> Bool {
            sign(at: now, method: method, target: target.utf8.span, into: &headers) { principal.append(to: &$0) }
        }

        /// The same of words that were made before.
        package func sign(
            _ words: Principal.Words, _ requestID: String, at now: Instant, method: String, target: Span<UInt8>,
            into headers: inout Headers
        ) -> Bool {
            sign(at: now, method: method, target: target, into: &headers) { words.append(requestID, to: &$0) }
        }

        /// The statement is written where it will leave, behind room for its signature; what it is bound to stands
        /// behind it only while it is signed.
        @inline(__always)
        private func sign(
            at now: Instant, method: String, target: Span<UInt8>, into headers: inout Headers,
            _ write: (inout [UInt8]) -> Void
        ) -> Bool {
            headers.add(InternalField.principal) { value in
                let offset = value.count
                value.append(all: beginning)
                value.append(decimal: Int(now.seconds))
                value.append(" ")
                write(&value)
                let end = value.count
                PrincipalStatement.bind(&value, to: receiver, method, target)
                let start = offset &+ Self.signature &+ 1
                let signature = key.sign(value.span.extracting(start..<value.count))
                value.removeLast(value.count &- end)
                Base64URL.write(signature, over: &value, at: offset)
            }
        }

        /// Characters of a signature: 32 bytes in base64url.
        private static let signature = 43
    }
}
