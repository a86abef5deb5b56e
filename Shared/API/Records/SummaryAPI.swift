import Forms
package import Kernel

/// All that is known of a patient on one page.
package enum SummaryAPI {
    static let declarations: [Declaration] = [show.declaration]

    package static let show = Endpoint(
        .get, "/api/records/patients/{id}/summary", "getPatientSummary", of: .records,
        for: .roles([.patient, .doctor]), takes: ByID<Patient>.self, gives: Item<SummaryView>.self,
        says: "Summary retrieved successfully.",
        summary: """
            A patient's allergies, medicines and problems as they were written, and the newest prescriptions, reports \
            and appointments. `incomplete` names the parts whose owner did not answer.
            """, tag: "Records", refuses: [.notFound, .accessRequired, .serviceUnavailable], of: .registeredPatient)
}

/// A patient's records on one page: at most twenty of each kind, the newest first.
package struct SummaryView: View {
    package let patient: SummaryPatientView
    /// As they were written, here and at registry.
    package let allergies: [String]
    package let allergiesKnown: AllergiesKnown
    package let medications: [String]
    package let problems: [String]
    package let prescriptions: [PrescriptionView]
    package let reports: [ReportView]
    package let appointments: [SummaryAppointmentView]
    /// The names of the fields that others did not answer for in time.
    package let incomplete: [String]

    package init(
        patient: SummaryPatientView, allergies: [String], allergiesKnown: AllergiesKnown, medications: [String],
        problems: [String], prescriptions: [PrescriptionView], reports: [ReportView],
        appointments: [SummaryAppointmentView], incomplete: [String]
    ) {
        self.patient = patient
        self.allergies = allergies
        self.allergiesKnown = allergiesKnown
        self.medications = medications
        self.problems = problems
        self.prescriptions = prescriptions
        self.reports = reports
        self.appointments = appointments
        self.incomplete = incomplete
    }

    package static let shape = Shape<SummaryView>(
        "PatientSummary", .view("patient") { $0.patient }, .texts("allergies") { $0.allergies },
        .choice("allergies_known", AllergiesKnown.allCases.map(\.rawValue)) { $0.allergiesKnown.rawValue },
        .texts("medications") { $0.medications }, .texts("problems") { $0.problems },
        .views("prescriptions") { $0.prescriptions }, .views("reports") { $0.reports },
        .views("appointments") { $0.appointments }, .texts("incomplete") { $0.incomplete })
}

/// Whose summary it is; null what registry did not answer for, or does not know.
package struct SummaryPatientView: View {
    package let id: ID<Patient>
    package let fullName: String?
    package let dateOfBirth: CalendarDate?
    package let gender: Gender?

    package init(id: ID<Patient>, fullName: String?, dateOfBirth: CalendarDate?, gender: Gender?) {
        self.id = id
        self.fullName = fullName
        self.dateOfBirth = dateOfBirth
        self.gender = gender
    }

    package static let shape = Shape<SummaryPatientView>(
        "SummaryPatient", .id("id") { $0.id }, .maybe("full_name") { $0.fullName },
        .maybeDate("date_of_birth") { $0.dateOfBirth },
        .maybe("gender", .string(oneOf: Gender.allCases.map(\.rawValue))) { $0.gender?.rawValue })
}

/// An appointment in a summary: when, where it stands, and with whom by id.
package struct SummaryAppointmentView: View {
    package let id: ID<Appointment>
    package let status: AppointmentStatus
    package let start: Instant
    package let doctor: ID<Doctor>?
    package let hospital: ID<Hospital>

    package init(
        id: ID<Appointment>, status: AppointmentStatus, start: Instant, doctor: ID<Doctor>?, hospital: ID<Hospital>
    ) {
        self.id = id
        self.status = status
        self.start = start
        self.doctor = doctor
        self.hospital = hospital
    }

    package static let shape = Shape<SummaryAppointmentView>(
        "SummaryAppointment", .id("id") { $0.id }, .choice("status", AppointmentStatus.words) { $0.status.rawValue },
        .instant("start") { $0.start }, .maybeID("doctor_id") { $0.doctor }, .id("hospital_id") { $0.hospital })
}
