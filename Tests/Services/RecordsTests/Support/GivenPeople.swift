import API
import Chassis
import Kernel
import Lifecycle
import Records

/// Registry and scheduling as a test says they are.
final class GivenPeople: Records.PatientDirectory, AppointmentSource, FactorSource {
    struct State {
        var hospitals: [HospitalCard] = []
        var doctors: [DoctorCard] = []
        /// By the accounts of providers, who belong to no hospital.
        var providers: [ID<Account>: String] = [:]
        var isRegistryAway = false
        var patients: [PatientCard] = []
        var visits: [AppointmentPartiesView] = []
        var phones: [String: [ID<Patient>]] = [:]
        /// The code of each account that has a second factor.
        var factors: [ID<Account>: String] = [:]
        /// How often somebody was asked.
        var asked = 0
    }

    let state = Locked(State())

    func enter(_ world: World) {
        state.withLock { state in
            state.patients = [
                card(world.adasRecord, "Ada Lovelace", world.ada), card(world.evesRecord, "Eve Adams", world.eve),
            ]
            state.hospitals = [
                HospitalCard(
                    id: world.hospital.tenant.retyped(), name: "City Care", status: .approved, isActive: true,
                    timezone: "UTC", prescribingPolicy: .warn, account: world.hospital.account)
            ]
            state.doctors = [entry(world.emily, "Dr. Emily Chen"), entry(world.raj, "Dr. Raj Patel")]
            state.providers = [world.bob.account: "Dr. Bob Gray"]
        }
    }

    /// Another doctor of a hospital.
    func employ(_ doctor: Caller, _ name: String) {
        state.withLock { $0.doctors.append(entry(doctor, name)) }
    }

    /// What the hospital asks of its doctors when a prescription warns.
    func want(_ policy: PrescribingPolicy, at hospital: Caller) {
        state.withLock { state in
            state.hospitals = state.hospitals.map { card in
                guard card.account == hospital.account else { return card }
                return HospitalCard(
                    id: card.id, name: card.name, status: card.status, isActive: card.isActive,
                    timezone: card.timezone, prescribingPolicy: policy, account: card.account)
            }
        }
    }

    /// A visit of a doctor with a patient.
    @discardableResult
    func visit(
        _ patient: ID<Patient>, of account: Caller?, with doctor: Caller, _ status: AppointmentStatus,
        changed: Instant
    ) -> ID<Appointment> {
        let id = ID<Appointment>.make(at: changed)
        state.withLock { state in
            state.visits.append(
                AppointmentPartiesView(
                    id: id, status: status, patient: patient, patientAccount: account?.account,
                    doctor: ID(high: 0xD0, low: doctor.account.low), doctorAccount: doctor.account,
                    hospital: doctor.tenant.retyped(), hospitalAccount: ID(high: 0xA, low: 4), start: changed,
                    updatedAt: changed))
        }
        return id
    }

    func entries(
        _ query: DirectoryQuery, for origin: Origin, until deadline: Deadline
    ) async throws -> DirectoryView {
        try state.withLock { state in
            state.asked += 1
            if state.isRegistryAway { throw Problem.unavailable() }
            let doctors = state.doctors.compactMap { card in
                card.account.map { ProfessionalCard(account: $0, displayName: card.displayName) }
            }
            let providers = state.providers.map { ProfessionalCard(account: $0.key, displayName: $0.value) }
            return DirectoryView(
                hospitals: state.hospitals.filter { query.hospitals.contains($0.id) }, departments: [],
                doctors: state.doctors.filter { query.doctors.contains($0.id) },
                patients: state.patients.filter { query.patients.contains($0.id) },
                professionals: (doctors + providers).filter { query.professionals.contains($0.account) })
        }
    }

    func me(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView {
        try state.withLock { state in
            state.asked += 1
            if state.isRegistryAway { throw Problem.unavailable() }
            var view = OwnDirectoryView()
            view.patient = state.patients.first { $0.account == origin.caller?.account }?.id
            let entry = state.doctors.first { $0.account == origin.caller?.account }
            view.doctor = entry?.id
            view.hospital = entry?.hospital
            view.displayName = entry?.displayName ?? origin.caller.flatMap { state.providers[$0.account] }
            return view
        }
    }

    func appointment(
        _ id: ID<Appointment>, for origin: Origin, until deadline: Deadline
    ) async throws -> AppointmentPartiesView? {
        state.withLock { $0.visits.first { $0.id == id } }
    }

    func appointments(
        _ query: PatientAppointments, for origin: Origin, until deadline: Deadline
    ) async throws -> [AppointmentPartiesView] {
        state.withLock { state in
            state.visits.filter { visit in
                visit.patient == query.patient
                    && (query.doctorAccount == nil || query.doctorAccount == visit.doctorAccount)
            }
        }
    }

    func patients(
        having phone: PhoneNumber, for origin: Origin, until deadline: Deadline
    ) async throws -> [PatientMatch] {
        state.withLock { state in
            let ids = state.phones[phone.text] ?? []
            return state.patients.filter { ids.contains($0.id) }.map {
                PatientMatch(id: $0.id, account: $0.account, keeper: $0.keeper, tenant: $0.tenant)
            }
        }
    }

    func prove(
        _ code: Secret?, of account: ID<Account>, for origin: Origin, until deadline: Deadline
    ) async throws -> Bool {
        guard let right = state.withLock({ $0.factors[account] }) else { return false }
        guard let code else { throw Problem(.otpRequired, "A one-time code is required.") }
        guard code.expose() == right else { throw Problem(.otpInvalid, "The one-time code is not valid.") }
        return true
    }

    private func card(_ id: ID<Patient>, _ name: String, _ caller: Caller) -> PatientCard {
        PatientCard(id: id, account: caller.account, keeper: caller.account, tenant: caller.tenant, fullName: name)
    }

    private func entry(_ caller: Caller, _ name: String) -> DoctorCard {
        DoctorCard(
            id: ID(high: 0xD0, low: caller.account.low), hospital: caller.tenant.retyped(), department: nil,
            account: caller.account, displayName: name, isActive: true)
    }
}
