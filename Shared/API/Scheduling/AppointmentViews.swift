import Forms
package import Kernel

/// A visit, with the names of people and places.
package struct AppointmentView: View {
    package let id: ID<Appointment>
    package let status: AppointmentStatus
    package let hospital: ID<Hospital>
    package let hospitalName: String?
    package let department: ID<Department>?
    package let departmentName: String?
    package let doctor: ID<Doctor>?
    /// "Dr. …".
    package let doctorName: String?
    package let patient: ID<Patient>
    package let patientName: String?
    /// First asked for.
    package let requestedTime: Instant
    package let time: Range<Instant>
    package let reason: String?
    package let notes: String?
    package let isOverbooked: Bool
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(
        id: ID<Appointment>, status: AppointmentStatus, hospital: ID<Hospital>, hospitalName: String?,
        department: ID<Department>?, departmentName: String?, doctor: ID<Doctor>?, doctorName: String?,
        patient: ID<Patient>, patientName: String?, requestedTime: Instant, time: Range<Instant>, reason: String?,
        notes: String?, isOverbooked: Bool, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.status = status
        self.hospital = hospital
        self.hospitalName = hospitalName
        self.department = department
        self.departmentName = departmentName
        self.doctor = doctor
        self.doctorName = doctorName
        self.patient = patient
        self.patientName = patientName
        self.requestedTime = requestedTime
        self.time = time
        self.reason = reason
        self.notes = notes
        self.isOverbooked = isOverbooked
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package static let shape = Shape<AppointmentView>(
        "Appointment", .id("id") { $0.id }, .choice("status", AppointmentStatus.words) { $0.status.rawValue },
        .id("hospital_id") { $0.hospital }, .maybe("hospital_name") { $0.hospitalName },
        .maybeID("department_id") { $0.department }, .maybe("department_name") { $0.departmentName },
        .maybeID("doctor_id") { $0.doctor }, .maybe("doctor_name") { $0.doctorName },
        .id("patient_id") { $0.patient }, .maybe("patient_name") { $0.patientName },
        .instant("requested_time") { $0.requestedTime }, .instant("start") { $0.time.lowerBound },
        .instant("end") { $0.time.upperBound }, .integer("duration_minutes") { $0.minutes },
        .maybe("reason") { $0.reason }, .maybe("notes") { $0.notes }, .boolean("overbooked") { $0.isOverbooked },
        .instant("created_at") { $0.createdAt }, .instant("updated_at") { $0.updatedAt })

    private var minutes: Int { Int((time.upperBound - time.lowerBound).components.seconds / 60) }
}

/// A visit and what happened to it, in order.
package struct AppointmentDetailsView: View {
    package let appointment: AppointmentView
    /// What was said when it was cancelled, rejected or placed beside another.
    package let statusReason: String?
    package let history: [AppointmentChangeView]

    package init(_ appointment: AppointmentView, statusReason: String?, history: [AppointmentChangeView]) {
        self.appointment = appointment
        self.statusReason = statusReason
        self.history = history
    }

    package static let shape = Shape<AppointmentDetailsView>(
        "AppointmentDetails", AppointmentView.shape.of { $0.appointment },
        .maybe("status_reason") { $0.statusReason }, .views("history") { $0.history })
}

/// One thing that happened to a visit.
package struct AppointmentChangeView: View {
    package let at: Instant
    package let role: String
    package let fromStatus: AppointmentStatus?
    package let toStatus: AppointmentStatus
    /// Nil where the time did not change.
    package let fromStart: Instant?
    package let toStart: Instant?

    package init(
        at: Instant, role: String, fromStatus: AppointmentStatus?, toStatus: AppointmentStatus, fromStart: Instant?,
        toStart: Instant?
    ) {
        self.at = at
        self.role = role
        self.fromStatus = fromStatus
        self.toStatus = toStatus
        self.fromStart = fromStart
        self.toStart = toStart
    }

    package static let shape = Shape<AppointmentChangeView>(
        "AppointmentChange", .instant("at") { $0.at }, .text("by_role") { $0.role },
        .maybe("from_status", .string(oneOf: AppointmentStatus.words)) { $0.fromStatus?.rawValue },
        .choice("to_status", AppointmentStatus.words) { $0.toStatus.rawValue },
        .maybeInstant("from_start") { $0.fromStart }, .maybeInstant("to_start") { $0.toStart })
}

/// A visit by its ids and state, for other services.
package struct AppointmentStateView: View {
    package let id: ID<Appointment>
    package let status: AppointmentStatus
    package let prescription: ID<Prescription>?

    package init(id: ID<Appointment>, status: AppointmentStatus, prescription: ID<Prescription>?) {
        self.id = id
        self.status = status
        self.prescription = prescription
    }

    package static let shape = Shape<AppointmentStateView>(
        "AppointmentState", .id("id") { $0.id }, .choice("status", AppointmentStatus.words) { $0.status.rawValue },
        .maybeID("prescription_id") { $0.prescription })
}

extension AppointmentStatus {
    static let words = allCases.map(\.rawValue)
}
