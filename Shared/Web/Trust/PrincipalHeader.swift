package import API
import Crypto
package import HTTP
package import Kernel

/// Names of the fields between our processes. The gateway removes everything called `X-Praxis-…` that came from outside.
package enum InternalField {
    package static let principal: StaticString = "X-Praxis-Principal"
    /// Whole milliseconds that are left for the answer: a duration, so that clocks need not agree.
    package static let deadline: StaticString = "X-Praxis-Deadline"
    /// Lower case, as names are compared.
    package static let prefix: StaticString = "x-praxis-"
}

/// What a principal's signature is over: the statement as it stands in the field – who sends, the second it is signed at, the
/// principal's words – and, a line each, the receiver, the method and the target. So it is good for this request, this
/// receiver and one minute.
enum PrincipalStatement {
    static let life: Duration = .seconds(60)
    /// How far the clocks of two processes may differ.
    static let leeway: Duration = .seconds(5)

    static func bind(_ statement: inout [UInt8], to receiver: ServiceName, _ method: String, _ target: String) {
        statement.append(0x0A)
        statement.append(receiver.rawValue)
        statement.append(0x0A)
        statement.append(method)
        statement.append(0x0A)
        statement.append(target)
    }
}

/// Writes the principal of requests this process sends: the signature in base64url, a blank, and the statement.
package struct PrincipalSigner: Sendable {
    package let name: ServiceName
    private let keys: [ServiceName: PairKey]
    private let clock: any WallClock

    package init(_ name: ServiceName, keys: PairKeys, clock: any WallClock = SystemClock()) {
        var own: [ServiceName: PairKey] = [:]
        for receiver in ServiceName.allCases { own[receiver] = keys.key(from: name, to: receiver) }
        (self.name, self.keys, self.clock) = (name, own, clock)
    }

    /// What signs for one receiver; nil when this process has no key for it and therefore no business with it.
    package func desk(for receiver: ServiceName) -> Desk? {
        keys[receiver].map { Desk(sender: name, receiver: receiver, key: $0) }
    }

    /// Adds the field to `headers`; false when this process has no key for the receiver.
    /// - Parameter target: path and query exactly as they are sent.
    package func sign(
        _ principal: Principal, to receiver: ServiceName, method: String, target: String, into headers: inout Headers
    ) -> Bool {
        guard let desk = desk(for: receiver) else { return false }
        return desk.sign(principal, at: clock.now, method: method, target: target, into: &headers)
    }

    /// Signs for one receiver.
    package struct Desk: Sendable {
        let sender: ServiceName
        let receiver: ServiceName
        let key: PairKey

        package func sign(
            _ principal: Principal, at now: Instant, method: String, target: String, into headers: inout Headers
        ) -> Bool {
            var statement: [UInt8] = []
            statement.reserveCapacity(512)
            statement.append(sender.rawValue)
            statement.append(UInt8(ascii: " "))
            statement.append(decimal: Int(now.seconds))
            statement.append(UInt8(ascii: " "))
            principal.append(to: &statement)
            let length = statement.count
            PrincipalStatement.bind(&statement, to: receiver, method, target)
            let signature = key.sign(statement)
            return headers.add(InternalField.principal) { value in
                Base64URL.append(signature, to: &value)
                value.append(UInt8(ascii: " "))
                value.append(contentsOf: statement[..<length])
            }
        }
    }
}
