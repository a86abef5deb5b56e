import Forms
package import JSON
package import Kernel

/// Whom a visit joins, when it is and where it stands: for records, which decides by it who may read and prescribe.
package struct AppointmentPartiesView: View, Equatable {
    package let id: ID<Appointment>
    package let status: AppointmentStatus
    package let patient: ID<Patient>
    /// Nil of a record without an account.
    package let patientAccount: ID<Account>?
    package let doctor: ID<Doctor>?
    package let doctorAccount: ID<Account>?
    package let hospital: ID<Hospital>
    package let hospitalAccount: ID<Account>
    package let start: Instant
    /// When anything of it last changed: state, time, doctor or words.
    package let updatedAt: Instant

    package init(
        id: ID<Appointment>, status: AppointmentStatus, patient: ID<Patient>, patientAccount: ID<Account>?,
        doctor: ID<Doctor>?, doctorAccount: ID<Account>?, hospital: ID<Hospital>, hospitalAccount: ID<Account>,
        start: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.status = status
        self.patient = patient
        self.patientAccount = patientAccount
        self.doctor = doctor
        self.doctorAccount = doctorAccount
        self.hospital = hospital
        self.hospitalAccount = hospitalAccount
        self.start = start
        self.updatedAt = updatedAt
    }

    package static let shape = Shape<AppointmentPartiesView>(
        "AppointmentParties", .id("id") { $0.id }, .choice("status", AppointmentStatus.words) { $0.status.rawValue },
        .id("patient_id") { $0.patient }, .maybeID("patient_account_id") { $0.patientAccount },
        .maybeID("doctor_id") { $0.doctor }, .maybeID("doctor_account_id") { $0.doctorAccount },
        .id("hospital_id") { $0.hospital }, .id("hospital_account_id") { $0.hospitalAccount },
        .instant("start") { $0.start }, .instant("updated_at") { $0.updatedAt })

    /// As scheduling wrote it.
    package init?(_ json: JSONValue) {
        guard let id: ID<Appointment> = json.id("id"),
            let status = json["status"]?.string.flatMap({ AppointmentStatus(rawValue: $0) }),
            let patient: ID<Patient> = json.id("patient_id"), let hospital: ID<Hospital> = json.id("hospital_id"),
            let hospitalAccount: ID<Account> = json.id("hospital_account_id"),
            let start = json["start"]?.string.flatMap({ Instant(rfc3339: $0) }),
            let updatedAt = json["updated_at"]?.string.flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        self.init(
            id: id, status: status, patient: patient, patientAccount: json.id("patient_account_id"),
            doctor: json.id("doctor_id"), doctorAccount: json.id("doctor_account_id"), hospital: hospital,
            hospitalAccount: hospitalAccount, start: start, updatedAt: updatedAt)
    }
}
