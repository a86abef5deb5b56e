package import API
import Chassis
package import Kernel
import Postgres
package import RegistryDomain

/// Registered patients as administrators list them: each record is opened in the name of its account.
extension RegisteredPatientStore {
    package func registration(of id: ID<Patient>) async throws -> Registration? {
        try await account(of: id).map { Registration(patient: id, account: $0) }
    }

    /// The newest first.
    package func list(_ query: PatientsQuery) async throws -> Page<RegisteredPatient> {
        guard query.search.flatMap({ PatientSearch($0) }) != nil || query.gender != nil else {
            return try await all(query.page)
        }
        return try await found(query)
    }

    private func all(_ page: PageRequest) async throws -> Page<RegisteredPatient> {
        let rows = try await registrations(
            before: try page.cursor()?.id(), atMost: page.size + 1, skipping: page.offset)
        let patients = try await open(Array(rows.prefix(page.size)))
        guard case .after = page.position else {
            let total = try await database.read(Column<Int>("(select count(*) from patient_registration)")).one
            return Page(items: patients, total: total)
        }
        let next = rows.count > page.size ? rows.prefix(page.size).last : nil
        return Page(items: patients, total: nil, nextCursor: next.map { Cursor(id: $0.patient).text })
    }

    /// Looks into one record after the other: names are sealed under each patient's own key. For a cursor it stops
    /// when the page is full.
    private func found(_ query: PatientsQuery) async throws -> Page<RegisteredPatient> {
        let search = query.search.flatMap { PatientSearch($0) }
        var matches: [RegisteredPatient] = []
        var total = 0
        var before: ID<Patient>? = try query.page.cursor()?.id()
        var isByCursor = false
        if case .after = query.page.position { isByCursor = true }
        let wanted = query.page.size + (isByCursor ? 1 : 0)
        while !isByCursor || matches.count < wanted {
            let rows = try await registrations(before: before, atMost: Self.chunk, skipping: 0)
            for patient in try await open(rows) where isMatch(patient, search, query.gender) {
                if total >= query.page.offset, matches.count < wanted { matches.append(patient) }
                total += 1
            }
            guard rows.count == Self.chunk, let last = rows.last else { break }
            before = last.patient
        }
        if isByCursor { return Page(fetched: matches, size: query.page.size) { Cursor(id: $0.record.id).text } }
        return Page(items: matches, total: total)
    }

    private func isMatch(_ patient: RegisteredPatient, _ search: PatientSearch?, _ gender: Gender?) -> Bool {
        let details = patient.record.details
        return search?.matches(SearchedTexts(of: details)) ?? true && (gender == nil || gender == details.gender)
    }

    private static let chunk = 100

    private func registrations(
        before: ID<Patient>?, atMost limit: Int, skipping offset: Int
    ) async throws -> [Registration] {
        let row = Projection(
            Column<ID<Patient>>("patient_id"), Column<ID<Account>>("account_id"), make: Registration.init)
        return try await database.read(row) {
            """
            select \($0) from patient_registration where (\(before)::uuid is null or patient_id < \(before)::uuid)
            order by patient_id desc limit \(limit) offset \(offset)
            """
        }
    }

    /// In the same order; the questions travel in one batch. A record that cannot be opened is left out.
    private func open(_ rows: [Registration]) async throws -> [RegisteredPatient] {
        let found = try await withThrowingTaskGroup(of: RegisteredPatient?.self) { tasks in
            for row in rows { tasks.addTask { try await find(row) } }
            var found: [ID<Patient>: RegisteredPatient] = [:]
            for try await patient in tasks { if let patient { found[patient.record.id] = patient } }
            return found
        }
        return rows.compactMap { found[$0.patient] }
    }
}
