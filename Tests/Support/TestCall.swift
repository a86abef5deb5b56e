package import API
package import Kernel
import Lifecycle
package import Web

extension Call {
    /// A request as a test makes one: what a test does not name is not what it is about.
    package static func test(
        _ declaration: Declaration, by caller: Caller? = nil, from address: String? = "192.0.2.7",
        userAgent: String = "Test/1.0", key: String? = nil, fingerprint: RequestFingerprint? = nil,
        condition: Condition = .none, lastEventID: String? = nil
    ) -> Call {
        // Requests under one key are the same unless a test says otherwise.
        let made = key.map { _ in
            let made = RequestFingerprint(method: declaration.verb.rawValue, target: "/")
            made.end()
            return made
        }
        return Call(
            declaration: declaration,
            origin: Origin(caller: caller, requestID: "request-1", address: address, traceparent: nil),
            userAgent: userAgent, baseURL: "http://localhost:8000", target: "/", profile: .enveloped,
            idempotencyKey: key, fingerprint: fingerprint ?? made, condition: condition, lastEventID: lastEventID,
            deadline: .after(.seconds(8)))
    }
}
