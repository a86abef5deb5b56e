import Chassis
package import Kernel
package import Postgres
package import RecordsDomain

extension PrescriptionStore {
    /// Whose prescriptions a list shows, of those that the scope shows: policies narrow no index.
    package enum Owner: Sendable {
        case anybody
        case patient(ID<Account>)
        case author(ID<Account>)
        case hospital(ID<Hospital>)

        fileprivate var condition: SQL {
            switch self {
            case .anybody: ""
            case .patient(let account): " and p.patient_account_id = \(account)"
            case .author(let account): " and p.doctor_account_id = \(account)"
            case .hospital(let hospital): " and p.hospital_id = \(hospital)"
            }
        }
    }

    /// The newest version of each, the latest first.
    package func list(
        _ owner: Owner, of patient: ID<Patient>?, _ request: PageRequest, as scope: Scope
    ) async throws -> Page<PrescriptionRecord> {
        let page = try await database.newest(
            Row.all, from: "prescription p where \(sql: Self.conditions(owner, patient))", by: "p.prescription_id",
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

    private static func conditions(_ owner: Owner, _ patient: ID<Patient>?) -> SQL {
        let ofPatient: SQL = patient.map { " and p.patient_id = \($0)" } ?? ""
        // `offset 0` has it looked up for each row: an anti-join might be hashed over the versions of everybody.
        return """
            not exists (select from prescription n where n.patient_id = p.patient_id
                and n.prescription_id = p.prescription_id and n.version > p.version offset 0)\
            \(sql: owner.condition)\(sql: ofPatient)
            """
    }
}
