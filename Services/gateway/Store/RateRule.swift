package import API
package import GatewayDomain

/// A class of requests and its limit.
package struct RateRule: Sendable {
    package let rateClass: RateClass
    package let limit: RateLimit
    /// What this gateway grants alone, Redis being away.
    let own: RateLimit

    init(_ rateClass: RateClass, _ limit: RateLimit, replicas: Int) {
        self.rateClass = rateClass
        self.limit = limit
        own = RateLimit(
            number: limit.number == 0 ? 0 : max(1, limit.number / max(replicas, 1)), window: .microseconds(limit.window)
        )
    }
}

/// A key within a class.
struct CountedKey: Hashable {
    let index: Int
    let key: RateKey
}

extension RateClass {
    /// Its index in arrays of all classes.
    var index: Int {
        switch self {
        case .registration: 0
        case .login: 1
        case .anonymous: 2
        case .authenticated: 3
        case .otp: 4
        case .recommendations: 5
        case .resend: 6
        case .documents: 7
        case .streams: 8
        case .unlimited: 9
        }
    }
}
