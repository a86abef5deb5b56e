package import API
import Chassis
package import Kernel
import Postgres
package import SchedulingDomain

extension AppointmentStore {
    /// Whose visits a list shows; whoever has none of this kind is shown none.
    package enum Owner: Sendable {
        case patient(ID<Account>), doctor(ID<Account>), hospital(ID<Hospital>)

        var condition: SQL {
            switch self {
            case .patient(let account): "a.patient_account_id = \(account)"
            case .doctor(let account): "a.doctor_account_id = \(account)"
            case .hospital(let hospital): "a.hospital_id = \(hospital)"
            }
        }
    }

    /// The visits of a list, the latest start first.
    /// - Parameter zone: in which the query's dates are whole days.
    package func list(
        _ query: AppointmentsQuery, of owner: Owner, zone: String, for caller: Caller
    ) async throws -> Page<AppointmentRecord> {
        let condition = Self.condition(query, owner, zone)
        let order: SQL = "a.starts desc, a.appointment_id desc"
        guard case .after = query.page.position else {
            return try await database.page(
                Self.row, from: "appointment a where \(sql: condition)", by: order, query.page, as: Scope(caller)
            ).map(open)
        }
        let older = try Self.older(than: query.page.cursor())
        let rows = try await database.read(Self.row, as: Scope(caller)) {
            """
            select \($0) from appointment a where \(sql: condition)\(sql: older)
            order by \(sql: order) limit \(query.page.size + 1)
            """
        }
        return Page(fetched: try rows.map(open), size: query.page.size) {
            Cursor(id: $0.id, key: $0.time.lowerBound).text
        }
    }

    private static func condition(_ query: AppointmentsQuery, _ owner: Owner, _ zone: String) -> SQL {
        var conditions = [owner.condition]
        if let status = query.status { conditions.append("a.status = \(status)") }
        switch query.from {
        case .day(let day): conditions.append("a.starts >= \(day)::date::timestamp at time zone \(zone)")
        case .instant(let instant): conditions.append("a.starts >= \(instant)")
        case nil: break
        }
        switch query.to {
        case .day(let day): conditions.append("a.starts < (\(day)::date + 1)::timestamp at time zone \(zone)")
        case .instant(let instant): conditions.append("a.starts < \(instant)")
        case nil: break
        }
        return .joined(conditions, by: " and ")
    }

    private static func older(than cursor: Cursor?) throws -> SQL {
        guard let cursor else { return "" }
        return """
             and (a.starts, a.appointment_id) < (\(try cursor.instant())::timestamptz, \
            \(try cursor.id(of: Appointment.self))::uuid)
            """
    }
}
