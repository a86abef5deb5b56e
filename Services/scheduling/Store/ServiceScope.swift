package import Postgres

extension Scope {
    /// The service itself, whose policies show it every row: jobs, reactions, and what one caller's change does to
    /// others' rows.
    package static let service = Scope(account: "", role: "service")
}
