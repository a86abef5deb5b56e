import Events
import JSON
import Kernel
import Messaging
import Notifier
import NotifierDomain
import Postgres
import Testing

/// Who hears of which event: the column "SSE" of live.md's catalogue.
struct LiveAnswerTests {
    private static let patient = ID<Account>(high: 1, low: 1)
    private static let doctor = ID<Account>(high: 1, low: 2)
    private static let former = ID<Account>(high: 1, low: 3)
    private static let hospital = ID<Account>(high: 1, low: 4)
    private static let admins = [ID<Account>(high: 1, low: 5), ID<Account>(high: 1, low: 6)]
    private static let place = ID<Hospital>(high: 2, low: 2)
    private static let other = HospitalFact(
        hospital: ID(high: 2, low: 9), account: ID<Account>(high: 1, low: 9), version: 1)
    private static let account = AccountFact(account: patient, role: .patient)
    private static let own = HospitalFact(hospital: place, account: hospital, version: 1)
    private static let post = HospitalDoctorFact(
        doctor: ID(high: 2, low: 3), hospital: place, account: doctor, version: 1)
    private static let schedule = ScheduleFact(
        doctor: ID(high: 2, low: 3), hospital: place, doctorAccount: doctor, hospitalAccount: hospital, actor: hospital)
    private static let visit = AppointmentFact(
        appointment: ID(high: 2, low: 1), hospital: place, hospitalAccount: hospital, department: nil,
        doctor: ID(high: 2, low: 3), doctorAccount: doctor, patient: ID(high: 2, low: 4), patientAccount: patient,
        status: .confirmed, start: Instant(seconds: 60), actor: patient, formerDoctor: ID(high: 2, low: 5),
        formerDoctorAccount: former)
    private static let grant = AccessGrantFact(
        patient: ID(high: 2, low: 4), grant: ID(high: 2, low: 6), patientAccount: patient, doctor: nil,
        doctorAccount: doctor, hospital: place, hospitalAccount: hospital, expiresAt: Instant(seconds: 90))
    private static let prescription = PrescriptionFact(
        prescription: ID(high: 2, low: 7), version: 1, patient: ID(high: 2, low: 4), patientAccount: patient,
        doctor: nil, doctorAccount: doctor, hospital: place, hospitalAccount: hospital, appointment: nil)
    private static let offer = WaitlistFact(
        entry: ID(high: 2, low: 8), patientAccount: patient, hospital: place, doctor: ID(high: 2, low: 3),
        start: Instant(seconds: 60))
    private static let reminder = ReminderFact(
        appointment: ID(high: 2, low: 1), kind: .dayBefore, hospital: place, doctor: nil, doctorAccount: doctor,
        patient: ID(high: 2, low: 4), patientAccount: patient, start: Instant(seconds: 60))
    private static let token = QueueFact(
        token: ID(high: 2, low: 10), doctor: ID(high: 2, low: 3), hospital: place, doctorAccount: doctor,
        patientAccount: patient, number: 1, status: .called)

    private static let catalogue: [(String, Event, [ID<Account>])] = [
        ("appointment.requested", .appointmentRequested(visit), [patient, doctor, former, hospital]),
        ("appointment.confirmed", .appointmentConfirmed(visit), [patient, doctor, former, hospital]),
        ("appointment.rejected", .appointmentRejected(visit), [patient, doctor, former, hospital]),
        ("appointment.cancelled", .appointmentCancelled(visit), [patient, doctor, former, hospital]),
        ("appointment.rescheduled", .appointmentRescheduled(visit), [patient, doctor, former, hospital]),
        ("appointment.reassigned", .appointmentReassigned(visit), [patient, doctor, former, hospital]),
        ("appointment.checked_in", .appointmentCheckedIn(visit), [patient, doctor, former, hospital]),
        ("appointment.check_in_undone", .appointmentCheckInUndone(visit), [patient, doctor, former, hospital]),
        ("appointment.completed", .appointmentCompleted(visit), [patient, doctor, former, hospital]),
        ("appointment.no_show", .appointmentMissed(visit), [patient, doctor, former, hospital]),
        ("appointment.reminder", .reminderDue(reminder), [patient]),
        ("waitlist.offered", .waitlistOffered(offer), [patient]),
        ("waitlist.passed", .waitlistPassed(offer), [patient]),
        (
            "schedule.affected", .scheduleAffected(ScheduleAffectedFact(schedule: schedule, appointments: [])),
            [doctor, hospital]
        ),
        (
            "slot.freed",
            .slotFreed(
                SlotFreedFact(
                    doctor: ID(high: 2, low: 3), hospital: place, doctorAccount: doctor,
                    day: Instant(seconds: 60).date)), [doctor, hospital]
        ),
        ("queue.changed", .queueChanged(token), [patient, doctor, hospital]),
        ("hospital.registered", .hospitalRegistered(own), admins),
        ("hospital.approved", .hospitalApproved(own), [hospital]),
        ("hospital.rejected", .hospitalRejected(own), [hospital]),
        ("hospital.deactivated", .hospitalDeleted(own), [hospital]),
        ("doctor.created", .hospitalDoctorCreated(post), [hospital]),
        ("doctor.deactivated", .hospitalDoctorDeactivated(post), [hospital]),
        ("access.granted", .accessGranted(grant), [patient, doctor]),
        ("access.revoked", .accessRevoked(grant), [patient, doctor]),
        ("access.break_glass", .breakGlassOpened(grant), [patient, doctor, hospital] + admins),
        ("prescription.created", .prescriptionCreated(prescription), [patient, doctor, hospital]),
        ("prescription.revised", .prescriptionRevised(prescription), [patient, doctor, hospital]),
        (
            "report.uploaded",
            .reportUploaded(
                ReportFact(
                    report: ID(high: 2, low: 11), patient: ID(high: 2, low: 4), patientAccount: patient,
                    uploadedBy: doctor, doctorAccount: doctor, appointment: nil, readers: [former, doctor])),
            [patient, doctor, former]
        ),
        ("password.changed", .passwordChanged(account), [patient]),
        ("device.new", .newDeviceSeen(SessionFact(account: patient, session: ID(high: 3, low: 3))), [patient]),
        ("second_factor.enabled", .secondFactorEnabled(account), [patient]),
        ("second_factor.disabled", .secondFactorDisabled(account), [patient]),
    ]

    @Test func `each event is numbered for those of its line, and for nobody else`() async throws {
        try await withWorld { world in
            try await know(world)
            for (name, event, hearers) in Self.catalogue {
                let envelope = world.envelope(event)
                try await world.handler.handle(envelope)
                let rows = try await world.liveRows().filter { $0.event == envelope.id }
                #expect(Set(rows.map(\.account)) == Set(hearers), "\(name)")
                let names = try await world.database.read(
                    Column<String>("name || ' ' || (body->>'type')"), as: .service
                ) {
                    "select \($0) from live_event where event_id = \(envelope.id)"
                }
                #expect(Set(names) == ["\(name) \(name)"])
            }
            let silent = world.envelope(
                .accessCodeRequested(
                    AccessCodeFact(
                        patient: ID(high: 2, low: 4), code: ID(high: 2, low: 5), patientAccount: Self.patient,
                        doctorAccount: Self.doctor)))
            try await world.handler.handle(silent)
            #expect(try await world.liveRows().allSatisfy { $0.event != silent.id })
        }
    }

    /// Administrators and hospitals that exist; one administrator is shut out.
    private func know(_ world: World) async throws {
        let gone = StandingFact(account: ID(high: 1, low: 7), role: .admin, version: 2)
        var events: [Event] = Self.admins.map { .accountRegistered(AccountFact(account: $0, role: .admin)) }
        events += [
            .accountRegistered(AccountFact(account: gone.account, role: .admin)), .accountDeactivated(gone),
            .accountRegistered(AccountFact(account: ID(high: 1, low: 8), role: .staff)),
            .hospitalApproved(Self.own), .hospitalApproved(Self.other),
        ]
        for event in events { try await world.handler.handle(world.envelope(event)) }
    }

    @Test func `an administrator who is let in again hears again`() async throws {
        try await withWorld { world in
            let standing = StandingFact(account: Self.admins[0], role: .admin, version: 3)
            try await world.handler.handle(world.envelope(.accountActivated(standing)))
            try await world.handler.handle(world.envelope(.hospitalRegistered(Self.own)))
            #expect(try await world.liveRows().map(\.account) == [Self.admins[0]])
        }
    }

    @Test func `what is told holds ids, states and times`() throws {
        let envelope = EventEnvelope(
            .appointmentConfirmed(Self.visit), id: ID(high: 9, low: 9), at: Instant(seconds: 0), traceparent: nil)
        let json = OutsideEvent(envelope, type: "appointment.confirmed").json
        #expect(json.object?.map(\.key) == ["id", "type", "time", "subject", "data"])
        #expect(json["subject"] == .string(Self.visit.appointment.description))
        let known: [String] = json["data"]?.object?.map(\.key) ?? []
        #expect(
            known == [
                "appointment_id", "hospital_id", "department_id", "doctor_id", "patient_id", "status", "start",
                "former_doctor_id",
            ])
    }
}
