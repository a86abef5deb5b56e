package import Postgres
package import Settings

extension Operator {
    /// `DATABASE_POOLER`: whether a pooler in session mode stands before PostgreSQL.
    package func pooler() throws(SettingsFaults) -> DatabaseSettings.Pooler {
        try read(
            Setting<DatabaseSettings.Pooler>.choice(
                "DATABASE_POOLER", default: DatabaseSettings.Pooler.none, help: "none or session"))
    }
}
