import Chassis
package import Kernel
package import Postgres
package import RecordsDomain

extension PrescriptionStore {
    /// The newest version of each that the scope shows, the latest first.
    /// - Parameter author: nil for whoever wrote them.
    package func list(
        by author: ID<Account>?, of patient: ID<Patient>?, _ request: PageRequest, as scope: Scope
    ) async throws -> Page<PrescriptionRecord> {
        let page = try await database.newest(
            Row.all, from: "prescription p where \(sql: Self.conditions(author, patient))", by: "p.prescription_id",
            request, as: scope, id: \.id)
        return Page(items: try await open(page.items), total: page.total, nextCursor: page.nextCursor)
    }

    /// Whether the doctor wrote any for the patient.
    package func isAuthor(_ caller: Caller, for patient: ID<Patient>) async throws -> Bool {
        let exists = Column<Bool>(
            """
            exists (select from prescription p
                where p.patient_id = \(patient) and p.doctor_account_id = \(caller.account))
            """)
        return try await database.read(exists, as: Scope(caller)).one
    }

    private static func conditions(_ author: ID<Account>?, _ patient: ID<Patient>?) -> SQL {
        var conditions: SQL = """
            not exists (select from prescription n
                where n.prescription_id = p.prescription_id and n.version > p.version)
            """
        if let patient { conditions = "\(sql: conditions) and p.patient_id = \(patient)" }
        if let author { conditions = "\(sql: conditions) and p.doctor_account_id = \(author)" }
        return conditions
    }
}
