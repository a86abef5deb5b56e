package import Kernel

/// Visits: asked for by patients, booked by front desks, assigned, moved, ended.
package enum AppointmentsAPI {
    package static let declarations: [Declaration] = [
        book.declaration, ofPatient.declaration, ofHospital.declaration, ofDoctor.declaration, show.declaration,
        assign.declaration, changeStatus.declaration, cancel.declaration, reschedule.declaration,
        complete.declaration, message.declaration, parties.declaration,
    ]

    private static let tag = "Appointments"
    private static let taken: Set<Problem.Code> = [.slotTaken, .patientBusy, .serviceUnavailable]

    package static let book = Endpoint(
        .post, "/api/appointments", "bookAppointment", of: .scheduling, for: .roles([.patient, .hospital]),
        takes: BookAppointment.self, gives: Created<AppointmentView>.self, says: "Appointment requested successfully.",
        summary: """
            Asks for a visit. A hospital's front desk names `patient_id`: a record it keeps, or a patient who was \
            there before.
            """, tag: tag, refuses: taken.union([.notFound, .conflict]))

    package static let ofPatient = list(
        "my-appointments", "listMyAppointments", for: .patient,
        "The caller's visits, the latest first; a date is a day in the time zone of their preferences.")
    package static let ofHospital = list(
        "hospital-appointments", "listHospitalAppointments", for: .hospital,
        "The visits at the caller's hospital, the latest first.")
    package static let ofDoctor = list(
        "doctor-appointments", "listDoctorAppointments", for: .doctor, "The caller's visits, the latest first.")

    package static let show = Endpoint(
        .get, "/api/appointments/{id}", "getAppointment", of: .scheduling,
        for: .roles([.patient, .hospital, .doctor, .admin]), takes: ByID<Appointment>.self,
        gives: Item<AppointmentDetailsView>.self, says: "Appointment retrieved successfully.",
        summary: "A visit with its history, for whom it joins and for administrators.", tag: tag,
        refuses: [.notFound, .serviceUnavailable])

    package static let assign = Endpoint(
        .post, "/api/appointments/{id}/assign-doctor", "assignDoctor", of: .scheduling, for: .roles([.hospital]),
        takes: WithID<Appointment, AssignDoctor>.self, gives: Item<AppointmentView>.self,
        says: "Doctor assigned successfully.",
        summary: "Confirms a visit with a doctor and a time, or gives a confirmed one another doctor or time.",
        tag: tag, refuses: taken.union([.notFound, .conflict, .illegalTransition, .preconditionFailed]),
        of: .requestedAppointment)

    package static let changeStatus = Endpoint(
        .patch, "/api/appointments/{id}/status", "changeAppointmentStatus", of: .scheduling,
        for: .roles([.patient, .hospital, .doctor]), takes: WithID<Appointment, ChangeAppointmentStatus>.self,
        gives: Item<AppointmentView>.self, says: "Appointment status updated successfully.",
        summary: "Brings a visit to another state; `details.allowed` of a refusal lists those that can follow.",
        tag: tag,
        refuses: [.notFound, .illegalTransition, .cutoffPassed, .preconditionFailed, .serviceUnavailable])

    package static let cancel = Endpoint(
        .post, "/api/appointments/{id}/cancel", "cancelAppointment", of: .scheduling,
        for: .roles([.patient, .hospital, .doctor]), takes: WithID<Appointment, CancelAppointment>.self,
        gives: Item<AppointmentView>.self, says: "Appointment cancelled successfully.",
        summary: "Cancels a visit; its time is free at once.", tag: tag,
        refuses: [.notFound, .illegalTransition, .cutoffPassed, .preconditionFailed, .serviceUnavailable],
        of: .secondAppointment)

    package static let reschedule = Endpoint(
        .post, "/api/appointments/{id}/reschedule", "rescheduleAppointment", of: .scheduling,
        for: .roles([.patient, .hospital]), takes: WithID<Appointment, RescheduleAppointment>.self,
        gives: Item<AppointmentView>.self, says: "Appointment rescheduled successfully.",
        summary: "Moves a visit to another time, which is taken before the old one is given up.", tag: tag,
        refuses: taken.union([.notFound, .illegalTransition, .cutoffPassed, .preconditionFailed]),
        of: .requestedAppointment)

    package static let complete = Endpoint(
        .post, "/internal/appointments/{id}/completion", "completeAppointment", of: .scheduling,
        for: .services([.records]), takes: WithID<Appointment, CompleteAppointment>.self,
        gives: Item<AppointmentStateView>.self, says: "Appointment completed.",
        summary: "A prescription was written: the visit is over. Asked again it changes nothing.", tag: "Internal",
        refuses: [.notFound, .illegalTransition], rate: .unlimited)

    package static let message = Endpoint(
        .get, "/internal/appointments/{id}/message", "appointmentMessage", of: .scheduling,
        for: .services([.notifier]), takes: AppointmentMessageQuery.self,
        gives: MaybeItem<AppointmentMessageView>.self, says: "Message retrieved.",
        summary: "What a message about a visit says; null when there is nothing to say any more.",
        tag: "Internal", refuses: [.notFound, .serviceUnavailable], rate: .unlimited)

    package static let parties = Endpoint(
        .get, "/internal/appointments/{id}", "appointmentParties", of: .scheduling, for: .services([.records]),
        takes: ByID<Appointment>.self, gives: Item<AppointmentPartiesView>.self, says: "Appointment retrieved.",
        summary: "Whom a visit joins and where it stands, whoever asks.", tag: "Internal", refuses: [.notFound],
        rate: .unlimited)

    private static func list(
        _ path: String, _ name: String, for role: Role, _ summary: String
    ) -> Endpoint<AppointmentsQuery, Listing<AppointmentView>> {
        Endpoint(
            .get, "/api/appointments/\(path)", name, of: .scheduling, for: .roles([role]),
            takes: AppointmentsQuery.self, gives: Listing<AppointmentView>.self,
            says: "Appointments retrieved successfully.", summary: summary, tag: tag,
            refuses: [.serviceUnavailable])
    }
}
