package import Forms
package import JSON
package import Kernel

/// What registry and identity ask about appointments.
package enum SchedulingReadsAPI {
    package static let declarations: [Declaration] = [
        patients.declaration, affected.declaration, openOfDepartment.declaration, stats.declaration,
        ofPatient.declaration,
    ]

    private static let askers: Access = .services([.registry, .identity])

    package static let patients = Endpoint(
        .post, "/internal/appointments/patients", "patientsOfHospital", of: .scheduling, for: askers,
        takes: PatientsOfHospital.self, gives: Item<PatientIDsView>.self, says: "Patients retrieved successfully.",
        summary: "The patients who have or had an appointment at a hospital, by id.", tag: "Internal", rate: .unlimited)

    package static let affected = Endpoint(
        .post, "/internal/appointments/affected", "appointmentsOfDoctor", of: .scheduling, for: askers,
        takes: AppointmentsOfDoctor.self, gives: Item<AppointmentIDsView>.self,
        says: "Appointments retrieved successfully.",
        summary: "A doctor's appointments ahead that are asked for, agreed or checked in.", tag: "Internal",
        rate: .unlimited)

    package static let openOfDepartment = Endpoint(
        .post, "/internal/appointments/open-of-department", "openAppointmentsOfDepartment", of: .scheduling,
        for: askers, takes: AppointmentsOfDepartment.self, gives: Item<AppointmentCountView>.self,
        says: "Appointments counted successfully.",
        summary: "How many appointments of a department are asked for, agreed or checked in.", tag: "Internal",
        rate: .unlimited)

    package static let stats = Endpoint(
        .get, "/internal/appointments/stats", "appointmentStats", of: .scheduling, for: askers,
        gives: Item<AppointmentStatsView>.self, says: "Appointments counted successfully.",
        summary: "How many appointments there are in each status.", tag: "Internal", rate: .unlimited)

    package static let ofPatient = Endpoint(
        .post, "/internal/appointments/of-patient", "appointmentsOfPatient", of: .scheduling,
        for: .services([.records]), takes: PatientAppointments.self, gives: Item<PatientAppointmentsView>.self,
        says: "Appointments retrieved successfully.",
        summary: "A patient's latest appointments, of one doctor or of all, up to 50", tag: "Internal",
        rate: .unlimited)
}

/// A patient's latest visits, for records; of one doctor or of all.
package struct PatientAppointments: Input {
    package let patient: ID<Patient>
    package let doctorAccount: ID<Account>?

    private static let form = Form(
        .id("patient_id", of: Patient.self), .optional(.id("doctor_account_id", of: Account.self)))
    package static let properties = form.properties

    package init(patient: ID<Patient>, doctorAccount: ID<Account>? = nil) {
        self.patient = patient
        self.doctorAccount = doctorAccount
    }
    package init(_ source: Source) throws(Problem) { (patient, doctorAccount) = try Self.form.read(source) }

    package static let example: JSONValue? = ["patient_id": "0190a5e4-8b2c-7d3e-8f4a-5b6c7d8e9f01"]

    /// The body for it.
    package var json: JSONValue {
        [
            "patient_id": .string(patient.description),
            "doctor_account_id": doctorAccount.map { .string($0.description) } ?? .null,
        ]
    }
}

/// Visits, the latest change first.
package struct PatientAppointmentsView: View {
    package let appointments: [AppointmentPartiesView]
    package init(_ appointments: [AppointmentPartiesView]) { self.appointments = appointments }
    package static let shape = Shape<PatientAppointmentsView>(
        "PatientAppointments", .views("appointments") { $0.appointments })
}

/// A part of a hospital's patients, by id.
package struct PatientsOfHospital: Input {
    package let hospital: ID<Hospital>
    /// Those behind this one.
    package let after: ID<Patient>?
    package let limit: Int

    private static let form = Form(
        .id("hospital_id", of: Hospital.self), .optional(.id("after", of: Patient.self)), .integer("limit", 1...1000))
    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) { (hospital, after, limit) = try Self.form.read(source) }

    package static let example: JSONValue? = [
        "hospital_id": "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90", "limit": 200,
    ]
}

/// A doctor, by id.
package struct AppointmentsOfDoctor: Input {
    package let doctor: ID<Doctor>
    private static let form = Form(.id("doctor_id", of: Doctor.self))
    package static let properties = form.properties
    package init(_ source: Source) throws(Problem) { doctor = try Self.form.read(source) }
    package static let example: JSONValue? = ["doctor_id": "0190a5e4-9d3c-7e4f-9a5b-6c7d8e9f0a1b"]
}

/// A department, by id.
package struct AppointmentsOfDepartment: Input {
    package let department: ID<Department>
    private static let form = Form(.id("department_id", of: Department.self))
    package static let properties = form.properties
    package init(_ source: Source) throws(Problem) { department = try Self.form.read(source) }
    package static let example: JSONValue? = ["department_id": "0190a5e4-9d3c-7e4f-9a5b-6c7d8e9f0a1b"]
}

/// Patients, by id.
package struct PatientIDsView: View {
    package let patients: [ID<Patient>]
    package init(_ patients: [ID<Patient>]) { self.patients = patients }
    package static let shape = Shape<PatientIDsView>("PatientIDs", .ids("patient_ids") { $0.patients })
}

/// Appointments, by id.
package struct AppointmentIDsView: View {
    package let appointments: [ID<Appointment>]
    package init(_ appointments: [ID<Appointment>]) { self.appointments = appointments }
    package static let shape = Shape<AppointmentIDsView>(
        "AppointmentIDs", .ids("appointment_ids") { $0.appointments })
}

/// How many there are.
package struct AppointmentCountView: View {
    package let count: Int
    package init(_ count: Int) { self.count = count }
    package static let shape = Shape<AppointmentCountView>("AppointmentCount", .integer("count") { $0.count })
}

/// How many there are in each status; every status is named.
package struct AppointmentStatsView: View {
    package let byStatus: [AppointmentStatus: Int]
    package init(_ byStatus: [AppointmentStatus: Int]) { self.byStatus = byStatus }

    /// As scheduling wrote it; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let counts = json["by_status"] else { return nil }
        byStatus = Dictionary(
            uniqueKeysWithValues: AppointmentStatus.allCases.map { status in
                (status, counts[status.rawValue]?.integer.flatMap { Int(exactly: $0) } ?? 0)
            })
    }

    package static let shape = Shape<AppointmentStatsView>(
        "AppointmentStats",
        ViewField(
            "by_status",
            .object(AppointmentStatus.allCases.map { Schema.Property($0.rawValue, .integer, isRequired: true) })
        ) { view, json in
            json.object { json in
                for status in AppointmentStatus.allCases {
                    json.key(status.rawValue)
                    json.integer(Int64(view.byStatus[status] ?? 0))
                }
            }
        })
}
