/// How a statement is planned, PostgreSQL's `plan_cache_mode`.
package enum Plan: Sendable {
    /// As the server thinks best, by the values that are bound.
    case auto
    /// Once, for whatever values are bound.
    case generic

    /// Holds until the transaction ends, the implicit one of a batch included.
    var setting: SQL {
        switch self {
        case .auto: "set_config('plan_cache_mode', 'auto', true)"
        case .generic: "set_config('plan_cache_mode', 'force_generic_plan', true)"
        }
    }
}
