import Chassis
package import Kernel
import Postgres
package import RecordsDomain

extension ReportStore {
    /// Whose reports are listed.
    package enum Wanted: Sendable {
        case patient(ID<Patient>)
        /// A patient's by their own account.
        case own(ID<Account>)
        /// Those of one visit, and what this doctor uploaded.
        case visit(ID<Appointment>, of: ID<Patient>, doctor: ID<Account>)
    }

    /// The newest first.
    package func list(
        _ wanted: Wanted, _ type: ReportType?, _ request: PageRequest, for caller: Caller
    ) async throws -> Page<ReportRecord> {
        let condition = Self.condition(wanted, type)
        let source: SQL = "report r join stored_file f on f.file_id = r.file_id where \(sql: condition)"
        let page = try await database.newest(
            Kept.all, from: source, by: "r.report_id", request, as: Scope(caller), id: \.row.id)
        return Page(items: try await open(page.items), total: page.total, nextCursor: page.nextCursor)
    }

    private static func condition(_ wanted: Wanted, _ type: ReportType?) -> SQL {
        var condition: SQL = "r.deleted_at is null"
        switch wanted {
        case .patient(let id): condition = "\(sql: condition) and r.patient_id = \(id)"
        case .own(let account): condition = "\(sql: condition) and r.patient_account = \(account)"
        case .visit(let visit, let patient, let doctor):
            condition = """
                \(sql: condition) and r.patient_id = \(patient)
                and (r.appointment_id = \(visit) or r.uploaded_by = \(doctor))
                """
        }
        if let type { condition = "\(sql: condition) and r.report_type = \(type.rawValue)" }
        return condition
    }
}
