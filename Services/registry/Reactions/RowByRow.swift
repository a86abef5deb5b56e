import Observability
import Postgres

/// Rows that are brought to a new form, each in a transaction of its own. One that fails is named in the log and keeps
/// no other waiting.
enum RowByRow {
    /// How many were done.
    static func change<Row: CustomStringConvertible>(
        _ rows: [Row], of table: StaticString, _ change: (Row) async throws -> Void
    ) async throws -> Int {
        var changed = 0
        for row in rows {
            do {
                try await change(row)
                changed += 1
            } catch let error as DatabaseUnavailable {
                throw error
            } catch {
                log.error(
                    "a row cannot be brought to its new form",
                    ["table": table, "row": row.description, "fault": String(describing: type(of: error))])
            }
        }
        if changed > 0 { log.info("rows were brought to their new form", ["table": table, "rows": changed]) }
        return changed
    }
}
