package import API
import Audit
import Chassis
import Kernel
import RegistryDomain
package import Web

/// `/api/hospitals/patients`: who has or had an appointment at the caller's hospital. Whoever is shown leaves a row of
/// who saw them.
package struct HospitalPatients: Sendable {
    let appointments: any AppointmentSource
    let patients: PatientDirectory
    let accesses: AccessLog

    /// Ids in one question to scheduling.
    private static let chunk = 1000
    /// Records that are opened by one question to the database.
    private static let opened = 200

    package func list(_ query: HospitalPatientsQuery, _ call: Call) async throws -> Listing<HospitalPatientView> {
        let page = try await page(query, call)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for patient in page.items {
                let subject = "patient/\(patient.record.id)"
                tasks.addTask { try await accesses.seen("patient.read", subject: subject, from: call.origin) }
            }
            try await tasks.waitForAll()
        }
        return Listing(page.map { HospitalPatientView($0.record) }, asked: query.page)
    }

    private func page(_ query: HospitalPatientsQuery, _ call: Call) async throws -> Page<PatientDirectory.Found> {
        guard case .after = query.page.position else { return try await numbered(query, call) }
        return try await further(query, call)
    }

    /// A numbered page says how many there are in all. Names are sealed, so a search opens all of them; without one
    /// only those of the page are opened.
    private func numbered(
        _ query: HospitalPatientsQuery, _ call: Call
    ) async throws -> Page<PatientDirectory.Found> {
        var ids: [ID<Patient>] = []
        while let part = try await visitors(after: ids.last, atMost: Self.chunk, call) { ids += part }
        let page = query.page
        guard let search = query.search.flatMap({ PatientSearch($0) }) else {
            return Page(
                items: try await open(Array(ids.dropFirst(page.offset).prefix(page.size)), call), total: ids.count)
        }
        let found = try await matching(search, ids, call)
        return Page(items: Array(found.dropFirst(page.offset).prefix(page.size)), total: found.count)
    }

    /// What follows a cursor, and no more than that.
    private func further(
        _ query: HospitalPatientsQuery, _ call: Call
    ) async throws -> Page<PatientDirectory.Found> {
        let size = query.page.size
        var last: ID<Patient>? = try query.page.cursor()?.id()
        guard let search = query.search.flatMap({ PatientSearch($0) }) else {
            let part = Page(fetched: try await visitors(after: last, atMost: size + 1, call) ?? [], size: size) {
                Cursor(id: $0).text
            }
            return Page(items: try await open(part.items, call), total: nil, nextCursor: part.nextCursor)
        }
        var found: [PatientDirectory.Found] = []
        while found.count <= size, let part = try await visitors(after: last, atMost: Self.opened, call) {
            found += try await matching(search, part, call)
            last = part.last
        }
        return Page(fetched: found, size: size) { Cursor(id: $0.record.id).text }
    }

    private func matching(
        _ search: PatientSearch, _ ids: [ID<Patient>], _ call: Call
    ) async throws -> [PatientDirectory.Found] {
        var found: [PatientDirectory.Found] = []
        for start in stride(from: 0, to: ids.count, by: Self.opened) {
            let part = Array(ids.dropFirst(start).prefix(Self.opened))
            found += try await open(part, call).filter { search.matches(SearchedTexts(of: $0.record.details)) }
        }
        return found
    }

    /// By id, as scheduling gives them; nil where there are no more.
    private func visitors(
        after last: ID<Patient>?, atMost limit: Int, _ call: Call
    ) async throws -> [ID<Patient>]? {
        let hospital: ID<Hospital> = try call.requireCaller().tenant.retyped()
        let part = try await appointments.patients(
            of: hospital, after: last, atMost: limit, for: call.origin, until: call.deadline)
        return part.isEmpty ? nil : part
    }

    private func open(_ ids: [ID<Patient>], _ call: Call) async throws -> [PatientDirectory.Found] {
        let caller = try call.requireCaller()
        return try await patients.find(ids, keptBy: [], for: caller).sorted { $0.record.id < $1.record.id }
    }
}

extension HospitalPatientView {
    init(_ record: PatientRecord) {
        let details = record.details
        self.init(
            id: record.id, firstName: details.firstName, lastName: details.lastName, fullName: details.fullName,
            email: details.email?.text, phone: details.phone, dateOfBirth: details.dateOfBirth,
            gender: details.gender)
    }
}
