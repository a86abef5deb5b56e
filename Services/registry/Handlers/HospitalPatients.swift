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
    private static let chunk = 200

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

    /// Names are sealed, so a search opens all of them; without one only those of the page are opened.
    private func page(_ query: HospitalPatientsQuery, _ call: Call) async throws -> Page<PatientDirectory.Found> {
        let ids = try await all(call)
        guard let search = query.search.flatMap({ PatientSearch($0) }) else {
            let part = try query.page.part(of: ids) { $0 }
            return Page(items: try await open(part.items, call), total: part.total, nextCursor: part.nextCursor)
        }
        var found: [PatientDirectory.Found] = []
        for start in stride(from: 0, to: ids.count, by: Self.chunk) {
            let part = Array(ids[start..<min(start + Self.chunk, ids.count)])
            found += try await open(part, call).filter { search.matches(PatientSearch.texts(of: $0.record.details)) }
        }
        return try query.page.part(of: found) { $0.record.id }
    }

    /// By id, as scheduling gives them.
    private func all(_ call: Call) async throws -> [ID<Patient>] {
        let hospital: ID<Hospital> = try call.requireCaller().tenant.retyped()
        var ids: [ID<Patient>] = []
        while true {
            let part = try await appointments.patients(
                of: hospital, after: ids.last, atMost: Self.chunk, for: call.origin, until: call.deadline)
            ids += part
            if part.count < Self.chunk { return ids }
        }
    }

    private func open(_ ids: [ID<Patient>], _ call: Call) async throws -> [PatientDirectory.Found] {
        let caller = try call.requireCaller()
        return try await patients.find(ids, keptBy: [], for: caller).sorted { $0.record.id < $1.record.id }
    }
}

extension PageRequest {
    /// The part of a list that is had whole, in the order of ids.
    fileprivate func part<Item: Sendable>(of items: [Item], _ id: (Item) -> ID<Patient>) throws(Problem) -> Page<Item> {
        guard case .after = position else {
            return Page(items: Array(items.dropFirst(offset).prefix(size)), total: items.count)
        }
        let after: ID<Patient>? = try cursor()?.id()
        let rest = items.filter { item in after.map { $0 < id(item) } ?? true }
        return Page(fetched: Array(rest.prefix(size + 1)), size: size) { Cursor(id: id($0)).text }
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
