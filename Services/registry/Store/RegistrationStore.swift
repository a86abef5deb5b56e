package import API
package import Kernel
package import Postgres

/// Which entry or record belongs to an account, for identity, which asks about accounts that wait.
package struct RegistrationStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package func registrant(of account: ID<Account>) async throws -> ID<Registrant>? {
        try await database.read(Column<ID<Registrant>>("registrant_id")) {
            """
            select \($0) from (
                select provider_id from provider where account_id = \(account)
                union all
                select patient_id from patient_registration where account_id = \(account)
                union all
                select hospital_id from hospital where account_id = \(account)
                union all
                select doctor_id from doctor where account_id = \(account)
            ) as registrant (registrant_id)
            """
        }.first
    }
}
