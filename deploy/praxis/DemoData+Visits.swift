package import API
package import JSON
package import Kernel

/// What happens at the demonstration's hospital.
extension DemoData {
    /// A visit, and what becomes of it after it was booked.
    package struct Visit: Sendable {
        package let reason: String
        /// Nil for the registered patient, who asks for a time themselves; else whom the front desk books for.
        package let walksIn: JSONValue?
        package let namesDoctor: Bool
        package let steps: [Step]
        /// What examples of the documentation name it by.
        package let record: DemoRecord?
    }

    /// A state that a visit is brought to.
    package struct Step: Sendable {
        package let status: AppointmentStatus
        package let reason: String?
        package let byPatient: Bool

        init(_ status: AppointmentStatus, because reason: String? = nil, byPatient: Bool = false) {
            self.status = status
            self.reason = reason
            self.byPatient = byPatient
        }
    }

    /// The doctor's week.
    package static let hours: JSONValue = {
        let day: JSONValue = [["start": "09:00", "end": "13:00"], ["start": "14:00", "end": "17:00"]]
        return [
            "timezone": "Asia/Karachi", "slot_minutes": 30,
            "weekly_hours": [
                "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day, "saturday": day,
            ],
        ]
    }()

    /// Whom the front desk keeps records of.
    private static let walkIns: [JSONValue] = [
        ["first_name": "Bilal", "last_name": "Aslam", "email": "bilal.aslam@example.com", "phone": "+923004445566"],
        ["first_name": "Hina", "last_name": "Raza", "email": "hina.raza@example.com", "gender": "F"],
        ["first_name": "Usman", "last_name": "Tariq", "email": "usman.tariq@example.com", "gender": "M"],
    ]

    /// One in each state, today's first; and those that the examples of the documentation work on.
    package static let visits = [
        Visit(
            reason: "Blood pressure too high at home", walksIn: walkIns[0], namesDoctor: true,
            steps: [Step(.checkedIn)], record: nil),
        Visit(
            reason: "Results of the last ECG", walksIn: walkIns[1], namesDoctor: true, steps: [Step(.completed)],
            record: nil),
        Visit(
            reason: "Palpitations at night", walksIn: walkIns[2], namesDoctor: true, steps: [Step(.noShow)],
            record: nil),
        Visit(
            reason: "Check after a change of medicines", walksIn: nil, namesDoctor: true, steps: [Step(.confirmed)],
            record: DemoRecord(Appointment.self)),
        Visit(
            reason: "Short of breath on stairs", walksIn: nil, namesDoctor: false, steps: [],
            record: .requestedAppointment),
        Visit(
            reason: "A certificate for sports", walksIn: nil, namesDoctor: true, steps: [],
            record: .secondAppointment),
        Visit(
            reason: "A second opinion", walksIn: nil, namesDoctor: true,
            steps: [Step(.rejected, because: "Please bring the first opinion, and ask again.")], record: nil),
        Visit(
            reason: "Advice before a long flight", walksIn: nil, namesDoctor: true,
            steps: [Step(.cancelled, because: "The flight is off.", byPatient: true)], record: nil),
        Visit(
            reason: "A cough for two weeks", walksIn: nil, namesDoctor: true, steps: [Step(.confirmed)],
            record: .prescribedAppointment),
        Visit(
            reason: "Blood pressure after the new tablets", walksIn: nil, namesDoctor: true, steps: [Step(.confirmed)],
            record: .appointmentToPrescribe),
    ]
}
