import Kernel
import Postgres
import SchedulingDomain

extension AppointmentStore {
    /// A visit as it is kept: its words sealed, and beside them the key they are sealed under.
    struct Row: Sendable {
        let id: ID<Appointment>
        let parties: AppointmentParties
        let state: State
    }

    /// What of a visit changes.
    struct State: Sendable {
        let status: AppointmentStatus
        let start: Instant
        let end: Instant
        let requestedAt: Instant
        let claim: ID<Claim>
        let sealed: [UInt8]?
        let isOverbooked: Bool
        let sequence: Int
        let prescription: ID<Prescription>?
        let cancelledBy: Role?
        let version: Int64
        let createdAt: Instant
        let updatedAt: Instant
        let wrappedKey: [UInt8]?
    }

    private static let parties = Projection(
        Column<ID<Hospital>>("a.hospital_id"), Column<ID<Account>>("a.hospital_account_id"),
        Column<ID<Department>?>("a.department_id"), Column<ID<Doctor>?>("a.doctor_id"),
        Column<ID<Account>?>("a.doctor_account_id"), Column<ID<Patient>>("a.patient_id"),
        Column<ID<Account>?>("a.patient_account_id"), make: AppointmentParties.init)

    private static let state = Projection(
        Column<AppointmentStatus>("a.status"), Column<Instant>("a.starts"), Column<Instant>("a.ends"),
        Column<Instant>("a.requested_at"), Column<ID<Claim>>("a.claim_id"), Column<[UInt8]?>("a.sealed"),
        Column<Bool>("a.overbooked"), Column<Int>("a.ics_sequence"), Column<ID<Prescription>?>("a.prescription_id"),
        Column<Role?>("a.cancelled_by"), Column<Int64>("a.version"), Column<Instant>("a.created_at"),
        Column<Instant>("a.updated_at"),
        Column<[UInt8]?>("(select k.wrapped from data_key k where k.owner_id = a.patient_id)"), make: State.init)

    /// The columns of `appointment a`.
    static let row = (Column<ID<Appointment>>("a.appointment_id") + (parties + state)).map { id, both in
        Row(id: id, parties: both.0, state: both.1)
    }

    /// The columns of `appointment_change h`.
    static let change = Projection(
        Column<ID<Appointment>>("h.appointment_id"), Column<Int64>("h.n"), Column<Instant>("h.at"),
        Column<ID<Account>?>("h.by_account"), Column<Role>("h.by_role"), Column<AppointmentStatus?>("h.from_status"),
        Column<AppointmentStatus>("h.to_status"), Column<Instant?>("h.from_starts"), Column<Instant>("h.to_starts"),
        Column<ID<Doctor>?>("h.from_doctor"), Column<ID<Doctor>?>("h.to_doctor")
    ) { appointment, number, at, account, role, fromStatus, toStatus, fromStart, toStart, fromDoctor, toDoctor in
        AppointmentChange(
            appointment: appointment, number: number, at: at, actor: AppointmentActor(account: account, role: role),
            fromStatus: fromStatus, toStatus: toStatus, fromStart: fromStart, toStart: toStart, fromDoctor: fromDoctor,
            toDoctor: toDoctor)
    }
}
