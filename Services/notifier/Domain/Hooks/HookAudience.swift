package import Kernel

/// Whose hooks an event reaches.
package enum HookAudience: Sendable, Equatable {
    /// Those of administrators, which hear of all tenants.
    case administrators
    /// Those of this hospital, and of administrators.
    case hospital(ID<Hospital>)

    /// Nil where the event names none.
    package var hospital: ID<Hospital>? {
        if case .hospital(let id) = self { id } else { nil }
    }
}
