internal import Kernel

/// One step of a schema: its number, its name and its SQL, as kept in `Migrations/0001_name.sql` and embedded in the
/// binary.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let sql: [UInt8]

    package init(number: Int, name: String, sql: [UInt8]) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}

/// Where a migration stands in a database.
package struct MigrationStatus: Sendable, Equatable {
    /// Whether a migration was applied, and as what.
    package enum State: String, Sendable {
        case applied, pending
        /// Its text is no longer the one that was applied.
        case edited
        /// It was applied, but this binary does not have it.
        case missing
    }

    package let number: Int
    package let name: String
    package let state: State
}

/// Why migrating stopped. What was applied before stays applied; the migration named is undone as a whole.
package enum MigrationFault: Error, Sendable, CustomStringConvertible {
    case unreachable(ConnectionFault)
    /// Numbers must be 1, 2, 3, … without gaps.
    case wrongNumber(Int)
    case edited(Int, String)
    case missing(Int, String)
    case failed(Int, String, DatabaseError)
    /// The file ended the transaction it runs in.
    case endsTransaction(Int, String)
    /// The login may not create the role, and nobody else has; the administrator must run this.
    case roleNeeded(statement: String)
    case refused(DatabaseError)

    package var description: String {
        switch self {
        case .unreachable(let fault):
            "the database cannot be reached: \(fault)"
        case .wrongNumber(let number): "migrations are not numbered 1, 2, 3, …: \(number)"
        case .edited(let number, let name): "migration \(number) \(name) was edited after it had been applied"
        case .missing(let number, let name): "migration \(number) \(name) was applied but is unknown to this version"
        case .failed(let number, let name, let error):
            "migration \(number) \(name) failed: \(error): \(error.message.value)"
        case .endsTransaction(let number, let name): "migration \(number) \(name) must not begin or end transactions"
        case .roleNeeded(let statement): "the login may not create roles; let an administrator run: \(statement)"
        case .refused(let error): "\(error): \(error.message.value)"
        }
    }
}
