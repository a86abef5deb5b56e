import Kernel
package import Postgres

/// A column of keys that a master key wraps, so that a new master key can wrap them anew. What they seal is not
/// touched.
package struct WrappedKeys: Sendable {
    /// How a row keeps its key.
    package enum Form: Sendable {
        /// As `Sealer` wraps it.
        case key
        /// In front of what it seals: a `SealedBox`.
        case box
    }

    let table: SQL
    let column: SQL
    /// An expression of the name that the row's key is bound to.
    let owner: SQL
    /// A column with the master key's version, where the table has one.
    let version: SQL?
    package let form: Form
    /// The setting of the master key.
    package let masterKey: String

    package init(
        _ column: SQL, of table: SQL, boundTo owner: SQL, version: SQL? = nil, form: Form = .key,
        masterKey: String = "DATA_ENCRYPTION_KEY"
    ) {
        self.table = table
        self.column = column
        self.owner = owner
        self.version = version
        self.form = form
        self.masterKey = masterKey
    }

    /// `data_key.wrapped`.
    package var name: String { "\(table.text).\(column.text)" }

    /// The table `data_key`, whose owners are of one kind.
    package static func dataKeys(of kind: SQL) -> WrappedKeys {
        WrappedKeys(
            "wrapped", of: "data_key", boundTo: "'\(sql: kind)/' || owner_id", version: "kek_version")
    }

    /// The table `service_key`.
    package static func serviceKeys(column: SQL = "wrapped") -> WrappedKeys {
        WrappedKeys(column, of: "service_key", boundTo: "purpose")
    }

    /// Whether a row's key is wrapped by another master key than that of `version`.
    func isUnderAnother(than version: UInt32) -> SQL {
        switch form {
        case .key: "substr(\(sql: column), 2, 4) <> \(version.bigEndianBytes)"
        case .box: "substr(\(sql: column), 4, 4) <> \(version.bigEndianBytes)"
        }
    }
}
