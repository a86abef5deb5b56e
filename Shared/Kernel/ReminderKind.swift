/// How long before a visit its patient is reminded.
package enum ReminderKind: String, Sendable, Hashable, CaseIterable {
    case dayBefore = "24h"
    case hourBefore = "1h"

    package var lead: Duration {
        switch self {
        case .dayBefore: .seconds(24 * 3600)
        case .hourBefore: .seconds(3600)
        }
    }
}
