import Events
import Kernel
import Notifier
import NotifierDomain
import Testing

/// Each transition's line of the catalogue: whose inbox, whose mail, whose text (for those who chose texts), whose
/// webhooks. Whose streams is in `LiveAnswerTests`.
struct WhoIsToldTests {
    /// P patient, D doctor, F former doctor, H hospital, O the account that the event is about.
    private static let people: [Character: ID<Account>] = [
        "P": ID(high: 1, low: 1), "D": ID(high: 1, low: 2), "F": ID(high: 1, low: 3), "H": ID(high: 1, low: 4),
        "O": ID(high: 1, low: 5),
    ]

    private struct Line {
        let event: Event
        let inbox: String
        let mail: String
        let text: String
        /// H the hospital's webhooks, A those of administrators.
        let hook: String

        init(_ event: Event, inbox: String = "", mail: String = "", text: String = "", hook: String = "") {
            self.event = event
            self.inbox = inbox
            self.mail = mail
            self.text = text
            self.hook = hook
        }
    }

    private static func account(_ letter: Character) throws -> ID<Account> { try #require(people[letter]) }

    private static func visit(by actor: Character? = nil) throws -> AppointmentFact {
        AppointmentFact(
            appointment: ID(high: 2, low: 1), hospital: ID(high: 2, low: 2), hospitalAccount: try account("H"),
            department: ID(high: 2, low: 6), doctor: ID(high: 2, low: 3), doctorAccount: try account("D"),
            patient: ID(high: 2, low: 4), patientAccount: try account("P"), status: .confirmed,
            start: Instant(seconds: 1_800_000_000), actor: try actor.map { try account($0) },
            formerDoctor: ID(high: 2, low: 5), formerDoctorAccount: try account("F"))
    }

    private static func visits() throws -> [Line] {
        let (byNobody, byPatient, byHospital) = (try visit(), try visit(by: "P"), try visit(by: "H"))
        return [
            Line(.appointmentRequested(byPatient), inbox: "DH", mail: "H", hook: "AH"),
            Line(.appointmentConfirmed(byHospital), inbox: "DP", mail: "DP", text: "P", hook: "AH"),
            Line(.appointmentConfirmed(byPatient), inbox: "DP", mail: "DP", text: "P", hook: "AH"),
            Line(.appointmentRejected(byHospital), inbox: "DFP", mail: "DFP", text: "P", hook: "AH"),
            Line(.appointmentCancelled(byNobody), inbox: "DFHP", mail: "DFHP", text: "P", hook: "AH"),
            Line(.appointmentCancelled(byPatient), inbox: "DFH", mail: "DFH", hook: "AH"),
            Line(.appointmentRescheduled(byHospital), inbox: "DFP", mail: "DFP", text: "P", hook: "AH"),
            Line(.appointmentReassigned(byHospital), inbox: "DFP", mail: "DFP", text: "P", hook: "AH"),
            Line(.appointmentCheckedIn(byHospital), hook: "AH"),
            Line(.appointmentCheckInUndone(byHospital), hook: "AH"),
            Line(.appointmentCompleted(byHospital), hook: "AH"), Line(.appointmentMissed(byHospital), hook: "AH"),
        ]
    }

    private static func scheduling() throws -> [Line] {
        let patient = try account("P")
        let reminder = ReminderFact(
            appointment: ID(high: 2, low: 1), kind: .dayBefore, hospital: ID(high: 2, low: 2),
            doctor: ID(high: 2, low: 3), doctorAccount: try account("D"), patient: ID(high: 2, low: 4),
            patientAccount: patient, start: Instant(seconds: 1_800_000_000))
        let offer = WaitlistFact(
            entry: ID(high: 2, low: 1), patientAccount: patient, hospital: ID(high: 2, low: 2),
            doctor: ID(high: 2, low: 3), start: Instant(seconds: 1_800_000_000))
        let hours = ScheduleFact(
            doctor: ID(high: 2, low: 3), hospital: ID(high: 2, low: 2), doctorAccount: try account("D"),
            hospitalAccount: try account("H"), actor: try account("D"))
        let affected = ScheduleAffectedFact(schedule: hours, appointments: [ID(high: 2, low: 1)])
        let freed = SlotFreedFact(
            doctor: ID(high: 2, low: 3), hospital: ID(high: 2, low: 2), doctorAccount: try account("D"),
            day: Instant(seconds: 1_800_000_000).date)
        func number(_ status: QueueStatus) throws -> QueueFact {
            QueueFact(
                token: ID(high: 2, low: 1), doctor: ID(high: 2, low: 3), hospital: ID(high: 2, low: 2),
                doctorAccount: try account("D"), patientAccount: patient, number: 3, status: status)
        }
        return [
            Line(.scheduleAffected(affected), inbox: "H", hook: "AH"),
            Line(.reminderDue(reminder), inbox: "P", mail: "P", text: "P"),
            Line(.waitlistOffered(offer), inbox: "P", mail: "P", text: "P", hook: "AH"),
            Line(.waitlistPassed(offer), inbox: "P", mail: "P", text: "P", hook: "AH"),
            Line(.slotFreed(freed)), Line(.queueChanged(try number(.called)), text: "P"),
            Line(.queueChanged(try number(.waiting))),
        ]
    }

    private static func records() throws -> [Line] {
        let (patient, doctor, hospital) = (try account("P"), try account("D"), try account("H"))
        let written = PrescriptionFact(
            prescription: ID(high: 7, low: 7), version: 1, patient: ID(high: 8, low: 8), patientAccount: patient,
            doctor: ID(high: 2, low: 3), doctorAccount: doctor, hospital: ID(high: 2, low: 2),
            hospitalAccount: hospital, appointment: nil)
        let grant = AccessGrantFact(
            patient: ID(high: 8, low: 8), grant: ID(high: 8, low: 9), patientAccount: patient,
            doctor: ID(high: 2, low: 3), doctorAccount: doctor, hospital: ID(high: 2, low: 2),
            hospitalAccount: hospital, expiresAt: Instant(seconds: 1_800_000_000))
        let code = AccessCodeFact(
            patient: ID(high: 8, low: 8), code: ID(high: 8, low: 9), patientAccount: patient, doctorAccount: doctor)
        func report(by account: ID<Account>) -> ReportFact {
            ReportFact(
                report: ID(high: 9, low: 1), patient: ID(high: 8, low: 8), patientAccount: patient,
                uploadedBy: account, doctorAccount: doctor, appointment: nil)
        }
        return [
            Line(.prescriptionCreated(written), inbox: "P", mail: "P", text: "P", hook: "AH"),
            Line(.prescriptionRevised(written), inbox: "P", mail: "P", text: "P", hook: "AH"),
            Line(.accessCodeRequested(code), inbox: "P", text: "P"),
            Line(.accessGranted(grant), inbox: "P", mail: "P"), Line(.accessRevoked(grant), inbox: "P", mail: "P"),
            Line(.breakGlassOpened(grant), inbox: "HP", mail: "HP", hook: "AH"),
            Line(.reportUploaded(report(by: doctor)), inbox: "P", mail: "P"),
            Line(.reportUploaded(report(by: patient))),
        ]
    }

    private static func accounts() throws -> [Line] {
        let owner = try account("O")
        let fact = AccountFact(account: owner, role: .patient)
        let hospital = HospitalFact(hospital: ID(high: 5, low: 5), account: owner, version: 2)
        let doctor = HospitalDoctorFact(
            doctor: ID(high: 6, low: 6), hospital: hospital.hospital, account: owner, version: 2)
        let asked = HospitalReviewFact(account: try account("H"), hospital: hospital.hospital, reviewer: owner)
        return [
            Line(.passwordChanged(fact), inbox: "O", mail: "O"),
            Line(.newDeviceSeen(SessionFact(account: owner, session: ID(high: 3, low: 3))), inbox: "O", mail: "O"),
            Line(.secondFactorEnabled(fact), inbox: "O", mail: "O"),
            Line(.secondFactorDisabled(fact), inbox: "O", mail: "O"), Line(.phoneCodeRequested(fact), text: "O"),
            Line(
                .breakGlassReported(BreakGlassReportFact(grant: ID(high: 8, low: 9), administrator: owner)), inbox: "O",
                mail: "O"),
            // The administrator; the registration itself names none.
            Line(.hospitalReviewAsked(asked), inbox: "O", mail: "O"), Line(.hospitalRegistered(hospital), hook: "A"),
            Line(.hospitalApproved(hospital), inbox: "O", mail: "O", hook: "A"),
            Line(.hospitalRejected(hospital), inbox: "O", mail: "O", hook: "A"),
            Line(.hospitalDeleted(hospital), inbox: "O", mail: "O", hook: "A"),
            Line(.hospitalDoctorCreated(doctor), mail: "O", hook: "AH"),
            Line(.hospitalDoctorDeactivated(doctor), mail: "O", hook: "AH"),
        ]
    }

    private static func hooks(_ envelope: EventEnvelope) throws -> String {
        switch try HookAnswer.all.compactMap({ try $0.audience(envelope) }).first {
        case .hospital: "AH"
        case .administrators: "A"
        case nil: ""
        }
    }

    private func letters(_ recipients: [ID<Account>]) -> String {
        String(recipients.map { recipient in Self.people.first { $0.value == recipient }?.key ?? "?" }.sorted())
    }

    @Test func `each transition tells exactly those of its line, once and in their ways`() throws {
        let texts = NotificationPreferences(
            ways: Dictionary(uniqueKeysWithValues: PreferenceKind.allCases.map { ($0, [.sms]) }))
        let off = NotificationPreferences(
            ways: Dictionary(uniqueKeysWithValues: PreferenceKind.allCases.map { ($0, []) }))
        for line in try Self.visits() + Self.scheduling() + Self.records() + Self.accounts() {
            let envelope = EventEnvelope(
                line.event, id: ID(high: 9, low: 9), at: Instant(seconds: 0), traceparent: nil)
            let planned = try EventAnswer.all.flatMap { try $0.plan(envelope) }
            let messages = try InboxAnswer.all.flatMap { try $0.plan(envelope) }
            func told(_ preferences: NotificationPreferences, by channel: MessageChannel) -> String {
                letters(planned.filter { preferences.channels(of: $0).first == channel }.map(\.recipient))
            }
            let name = line.event.name
            #expect(letters(messages.map(\.recipient)) == line.inbox, "\(name)")
            #expect(told(.default, by: .email) == line.mail, "\(name)")
            #expect(told(texts, by: .sms) == line.text, "\(name)")
            #expect(try Self.hooks(envelope) == line.hook, "\(name)")
            // Who turned everything off hears of what nothing turns off.
            let isLocked = planned.allSatisfy { $0.kind.preference.isLocked }
            #expect(told(off, by: .email) == (isLocked ? line.mail : ""), "\(name)")
        }
    }

    @Test func `each event that clients have a name for has its line`() throws {
        let lines = try Self.visits() + Self.scheduling() + Self.records() + Self.accounts()
        let named = Set(lines.map(\.event.name))
        for event in EventSource.all.flatMap(\.events) where event.outsideName != nil {
            #expect(named.contains(event.name), "\(event.name)")
        }
    }
}
