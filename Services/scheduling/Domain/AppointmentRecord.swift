package import Kernel

/// Whom a visit joins, and where.
package struct AppointmentParties: Sendable, Equatable {
    package let hospital: ID<Hospital>
    package let hospitalAccount: ID<Account>
    package var department: ID<Department>?
    /// Nil until one is asked for or assigned.
    package var doctor: ID<Doctor>?
    package var doctorAccount: ID<Account>?
    package let patient: ID<Patient>
    /// Nil of a record without an account.
    package let patientAccount: ID<Account>?

    package init(
        hospital: ID<Hospital>, hospitalAccount: ID<Account>, department: ID<Department>?, doctor: ID<Doctor>?,
        doctorAccount: ID<Account>?, patient: ID<Patient>, patientAccount: ID<Account>?
    ) {
        self.hospital = hospital
        self.hospitalAccount = hospitalAccount
        self.department = department
        self.doctor = doctor
        self.doctorAccount = doctorAccount
        self.patient = patient
        self.patientAccount = patientAccount
    }
}

/// What people say of a visit: personal, and sealed where it is kept.
package struct AppointmentWords: Sendable, Equatable {
    package var reason: String?
    package var notes: String?
    /// Said when it was cancelled, rejected or placed beside another.
    package var statusReason: String?

    package init(reason: String?, notes: String?, statusReason: String? = nil) {
        self.reason = reason
        self.notes = notes
        self.statusReason = statusReason
    }

    package var isEmpty: Bool { reason == nil && notes == nil && statusReason == nil }
}

/// A visit: who, when, and where it stands.
package struct AppointmentRecord: Sendable, Equatable {
    package let id: ID<Appointment>
    package var parties: AppointmentParties
    package var status: AppointmentStatus
    /// Start and end.
    package var time: Range<Instant>
    /// The time first asked for.
    package let requestedAt: Instant
    /// What makes its time busy.
    package var claim: ID<Claim>
    package var words: AppointmentWords
    /// Whether it stands beside another visit of its doctor.
    package var isOverbooked: Bool
    /// SEQUENCE of its calendar entry: one more whenever the entry changes.
    package var sequence: Int
    package var prescription: ID<Prescription>?
    package var cancelledBy: Role?
    /// Counts the changes, from 1; what an ETag is made from.
    package var version: Int64
    package let createdAt: Instant
    package var updatedAt: Instant

    package init(
        id: ID<Appointment>, parties: AppointmentParties, status: AppointmentStatus, time: Range<Instant>,
        requestedAt: Instant, claim: ID<Claim>, words: AppointmentWords, isOverbooked: Bool = false, sequence: Int = 0,
        prescription: ID<Prescription>? = nil, cancelledBy: Role? = nil, version: Int64 = 1, createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.parties = parties
        self.status = status
        self.time = time
        self.requestedAt = requestedAt
        self.claim = claim
        self.words = words
        self.isOverbooked = isOverbooked
        self.sequence = sequence
        self.prescription = prescription
        self.cancelledBy = cancelledBy
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// How long a visit lasts where neither a slot nor its doctor says so.
    package static let usualMinutes = 30
}
