package import API
package import GatewayDomain

/// A class of requests and its limit.
package final class RateRule: Sendable {
    package let rateClass: RateClass
    package let limit: RateLimit
    /// What this gateway grants alone, Redis being away.
    let own: RateLimit
    /// The class's place among all: an index, and what tells it apart in a key.
    let place: Int

    init(_ rateClass: RateClass, _ limit: RateLimit, replicas: Int) {
        (self.rateClass, self.limit, place) = (rateClass, limit, rateClass.place)
        own = RateLimit(
            number: limit.number == 0 ? 0 : max(1, limit.number / max(replicas, 1)), window: limit.window)
    }
}

/// A key within a class.
struct CountedKey: Hashable {
    let place: Int
    let key: RateKey
}

extension RateClass {
    var place: Int {
        switch self {
        case .registration: 0
        case .login: 1
        case .anonymous: 2
        case .authenticated: 3
        case .otp: 4
        case .recommendations: 5
        case .resend: 6
        case .unlimited: 7
        }
    }
}
