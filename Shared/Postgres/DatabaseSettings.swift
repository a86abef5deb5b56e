package import Kernel
package import Pooling

/// Where the database is and how a service speaks to it.
package struct DatabaseSettings: Sendable {
    /// A libpq URI or `key=value` text.
    package var url: Secret
    /// The service's own schema; `public` stands behind it for extensions.
    package var schema: String
    /// The role the service works as. It owns nothing and cannot bypass row-level security; the login of `url` needs
    /// only be a member of it, so that one URL serves migrations and service alike. Nil keeps the login's own role.
    package var role: String?
    package var applicationName: String
    package var pooler: Pooler
    /// Transactions at the same time, per event loop; reads share one more connection.
    package var transactions: PoolLimits
    package var connectTimeout: Duration
    package var statementTimeout: Duration
    package var lockTimeout: Duration
    package var idleInTransactionTimeout: Duration
    /// How long a call may take when it brings no deadline of its own.
    package var timeout: Duration
    /// Whether a standby will do: for commands that only read.
    package var allowsStandby = false

    package init(
        url: Secret, schema: String, role: String? = nil, applicationName: String = "praxis",
        pooler: Pooler = .none,
        transactions: PoolLimits = PoolLimits(connections: 5), connectTimeout: Duration = .seconds(1),
        statementTimeout: Duration = .seconds(5), lockTimeout: Duration = .seconds(2),
        idleInTransactionTimeout: Duration = .seconds(10), timeout: Duration = .seconds(6)
    ) {
        self.url = url
        self.schema = schema
        self.role = role
        self.applicationName = applicationName
        self.pooler = pooler
        self.transactions = transactions
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.idleInTransactionTimeout = idleInTransactionTimeout
        self.timeout = timeout
    }

    /// What stands between this process and PostgreSQL.
    package enum Pooler: String, Sendable, CaseIterable {
        case none
        /// A pooler that keeps a server connection for each of its clients, as PgBouncer in session mode.
        case session
    }

    /// Names that need no quotes anywhere: lower case, digits and underscores.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 63 else { return false }
        let isLetter = { (byte: UInt8) in (97...122).contains(byte) || byte == 95 }
        return isLetter(first) && text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
    }
}
