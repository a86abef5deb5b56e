package import API
import Chassis
import Events
package import Kernel
import Observability
import Postgres
import RegistryDomain
package import Web

/// `/api/hospitals/doctors`: the doctors whom a hospital makes, each with an account of their own there.
package struct HospitalDoctors: Sendable {
    let store: HospitalDoctorStore
    let entries: DoctorStore
    let hospitals: HospitalStore
    let departments: DepartmentStore
    let registrar: Registrar
    let appointments: any AppointmentSource
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func create(_ input: HospitalDoctorBody, _ call: Call) async throws -> Created<NewHospitalDoctorView> {
        let caller = try call.requireCaller()
        // Repeated under its key: there must not be a second account.
        try await unit.recall(call)
        // What can be told before is no reason for an account: it would keep the username until identity forgets it.
        let hospital = try await hospitals.works(for: caller)
        guard try await departments.find(input.department, for: caller) != nil else { throw Self.noDepartment }
        if try await store.isTaken(license: input.licenseNumber, at: hospital.id) { throw DoctorStore.licenseTaken }
        var generator = SystemRandomNumberGenerator()
        let password = DoctorCredentials.password(using: &generator)
        let now = clock.now
        let id = ID<Doctor>.make(at: now)
        let stem = DoctorCredentials.usernameStem(
            firstName: input.firstName, lastName: input.lastName, hospital: hospital.details.name)
        let pending = PendingAccount(
            registrant: id.retyped(), role: .doctor, name: "\(input.firstName) \(input.lastName)", email: input.email,
            password: password, username: .numbered(stem), hospital: hospital.id)
        return try await registrar.enter(pending, on: call) { opened, tx in
            let post = HospitalPost(
                hospital: hospital.id, department: input.department, account: opened.account,
                username: opened.username)
            let view = try await keep(input, id, post, by: caller, call, in: tx)
            return Created(
                NewHospitalDoctorView(doctor: view, password: password.expose()),
                at: "/api/hospitals/doctors/\(id)", version: 1,
                repeating: NewHospitalDoctorView(doctor: view, password: nil))
        }
    }

    private func keep(
        _ input: HospitalDoctorBody, _ id: ID<Doctor>, _ post: HospitalPost, by caller: Caller, _ call: Call,
        in tx: Transaction
    ) async throws -> HospitalDoctorView {
        let now = clock.now
        let hospital = try await hospitals.works(for: caller, in: tx)
        try await mustHold(input.department, hospital.id, tx)
        let entry = DoctorEntry(
            id: id, creator: caller.account, details: DoctorDetails(input, of: hospital.details), post: post,
            createdAt: now, updatedAt: now)
        try await entries.insert(entry, in: tx)
        if let fact = entry.hospitalFact {
            try await ledger.record(.hospitalDoctorCreated(fact), from: call.origin, in: tx)
        }
        return HospitalDoctorView(entry, post)
    }

    package func list(_ query: HospitalDoctorsQuery, _ call: Call) async throws -> Listing<HospitalDoctorView> {
        let page = try await store.list(query, for: try call.requireCaller())
        let views = page.map { entry in entry.post.map { HospitalDoctorView(entry, $0) } }
        return Listing(
            Page(items: views.items.compactMap(\.self), total: views.total, nextCursor: views.nextCursor),
            asked: query.page)
    }

    package func change(
        _ input: WithID<Doctor, Patch<HospitalDoctorPatch>>, _ call: Call
    ) async throws -> Item<ChangedHospitalDoctorView> {
        let caller = try call.requireCaller()
        var isLeaving = false
        let changed = try await unit.write(call) { tx in
            let hospital = try await hospitals.works(for: caller, in: tx)
            guard let entry = try await store.lock(input.id, for: caller, in: tx), let post = entry.post else {
                throw Problem.notFound
            }
            try call.condition.check(entry.version)
            let wanted = try input.body.applied(to: HospitalDoctorPatch.json(entry, post))
            if wanted.doctor.department != post.department {
                try await mustHold(wanted.doctor.department, hospital.id, tx)
            }
            var wantedPost = post
            wantedPost.department = wanted.doctor.department
            wantedPost.isActive = wanted.isActive
            isLeaving = post.isActive && !wantedPost.isActive || post.department != wantedPost.department
            let details = DoctorDetails(wanted.doctor, of: hospital.details)
            guard let changed = try entry.changed(to: details, post: wantedPost, at: clock.now) else {
                return Item(HospitalDoctorView(entry, post), version: entry.version)
            }
            try await entries.update(changed, in: tx)
            try await tell(changed, was: post, now: wantedPost, call, in: tx)
            return Item(HospitalDoctorView(changed, wantedPost), version: changed.version)
        }
        // After the commit: from now on nobody is assigned to them.
        let affected = isLeaving ? await ahead(of: input.id, call) : []
        return Item(ChangedHospitalDoctorView(changed.view, affected: affected), version: changed.version)
    }

    /// The visits ahead of a doctor; nil while scheduling cannot be asked, since it only informs.
    private func ahead(of doctor: ID<Doctor>, _ call: Call) async -> [ID<Appointment>]? {
        do {
            return try await appointments.ahead(of: doctor, for: call.origin, until: call.deadline)
        } catch {
            log.warning(
                "an answer leaves out what another service knows", ["fault": String(describing: type(of: error))])
            return nil
        }
    }

    private func tell(
        _ entry: DoctorEntry, was: HospitalPost, now: HospitalPost, _ call: Call, in tx: Transaction
    ) async throws {
        guard let fact = entry.hospitalFact else { return }
        let event: Event
        switch (was.isActive, now.isActive) {
        case (true, false): event = .hospitalDoctorDeactivated(fact)
        case (false, true): event = .hospitalDoctorActivated(fact)
        default: event = .hospitalDoctorUpdated(fact)
        }
        try await ledger.record(event, from: call.origin, in: tx)
    }

    private func mustHold(_ department: ID<Department>, _ hospital: ID<Hospital>, _ tx: Transaction) async throws {
        guard try await departments.holds(department, in: hospital, tx) else { throw Self.noDepartment }
    }

    private static let noDepartment = Problem.field("department_id", "This is no department of the hospital.")
}
