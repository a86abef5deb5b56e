import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct BookingsTests {
    @Test func `a patient asks for a visit, which is told by ids alone and sealed where it is kept`() async throws {
        try await withWorld { w in
            let heard = try await w.book(w.people.doctorA)
            #expect(heard.status == 201 && heard.location == "/api/appointments/\(heard.id)" && heard.version == 1)
            #expect(heard["status"] == "REQUESTED" && heard["hospital_name"] == "General Hospital")
            #expect(heard["doctor_name"] == "Dr. Emily Chen" && heard["department_name"] == "Cardiology")
            #expect(heard["patient_name"] == "Jane Smith" && heard["reason"] == "Canaryreason")
            #expect(heard["notes"] == "Canarynotes" && heard["duration_minutes"] == .integer(30))
            #expect(heard["requested_time"] == .string(World.ten) && heard["end"] == "2027-01-05T10:30:00Z")
            #expect(try await w.events() == ["scheduling.appointment_requested.v1"])
            #expect(try await w.audit() == ["appointment_requested appointment/\(heard.id)"])
            #expect(try await !w.told().contains("Canary"))
            let kept = try await w.database.read(Column<String>("string_agg(a::text, '')"), as: .service) {
                "select \($0) from appointment a"
            }.one
            #expect(!kept.contains("Canary"))
        }
    }

    @Test func `who is unknown, foreign or shut out is refused by the field, all at once`() async throws {
        try await withWorld { w in
            let body: JSONValue = [
                "hospital_id": .string(w.people.otherHospitalID.description),
                "department_id": .string(w.people.cardiology.description),
                "doctor_id": .string(w.people.entry(of: w.people.doctorA).description),
                "requested_time": .string(World.ten), "reason": "x",
            ]
            let problem = try await w.refusal { try await w.ask("bookAppointment", as: w.people.jane, body) }
            #expect(problem?.errors.map(\.field) == ["department_id", "doctor_id"])
            var departments: [DepartmentCard] = []
            w.directory.set { state in
                departments = state.departments
                state.departments = departments.map { card in
                    DepartmentCard(id: card.id, hospital: card.hospital, name: card.name, isActive: false)
                }
            }
            let deleted: JSONValue = [
                "hospital_id": .string(w.people.hospitalID.description),
                "department_id": .string(w.people.cardiology.description), "from": "2027-01-05", "to": "2027-01-05",
                "requested_time": .string(World.ten), "reason": "x",
            ]
            for name in ["bookAppointment", "joinWaitlist"] {
                let refused = try await w.refusal { try await w.ask(name, as: w.people.jane, deleted) }
                #expect(refused?.errors.map(\.field) == ["department_id"])
            }
            w.directory.set { $0.departments = departments }
            w.directory.set { state in
                state.doctors = state.doctors.map { card in
                    DoctorCard(
                        id: card.id, hospital: card.hospital, department: card.department, account: card.account,
                        displayName: card.displayName, isActive: false)
                }
            }
            #expect(try await w.refusal { try await w.book(w.people.doctorA) }?.errors.first?.field == "doctor_id")
            #expect(try await w.book().status == 201)
            w.directory.set { state in
                state.hospitals = state.hospitals.map { card in
                    HospitalCard(
                        id: card.id, name: card.name, status: .pending, isActive: false, timezone: card.timezone,
                        prescribingPolicy: card.prescribingPolicy, account: card.account)
                }
            }
            #expect(try await w.refusal { try await w.book() }?.errors.first?.field == "hospital_id")
            w.directory.set { $0.isAway = true }
            #expect(try await w.refusal { try await w.book() }?.code == .serviceUnavailable)
        }
    }

    @Test(arguments: [
        "2027-01-05T10:00:30Z", "2027-01-05T10:00:00", "2026-12-31T10:00:00Z", "2029-02-01T10:00:00Z", "tomorrow",
    ])
    func `a time with seconds, without a zone, in the past or too far ahead is refused`(time: String) async throws {
        try await withWorld { w in
            let problem = try await w.refusal { try await w.book(at: time) }
            #expect(problem?.code == .validationFailed && problem?.errors.map(\.field) == ["requested_time"])
        }
    }

    @Test func `any offset is understood, and a time must be named`() async throws {
        try await withWorld { w in
            #expect(try await w.book(at: "2027-01-05T15:45:00+05:45")["start"] == .string(World.ten))
            let body = w.booking(at: nil)
            let problem = try await w.refusal { try await w.ask("bookAppointment", as: w.people.jane, body) }
            #expect(problem?.errors.map(\.field) == ["requested_time"])
        }
    }

    @Test func `a doctor's time is one patient's, a patient's one visit's, and neighbours do not touch`() async throws {
        try await withWorld { w in
            _ = try await w.book(w.people.doctorA)
            let taken = try await w.refusal { try await w.book(w.people.doctorA, as: w.people.john) }
            #expect(taken?.code == .slotTaken && taken?.details["next_slots"] == .list([]))
            #expect(try await w.refusal { try await w.book(w.people.doctorB) }?.code == .patientBusy)
            let minute = "2027-01-05T10:29:00Z"
            #expect(
                try await w.refusal { try await w.book(w.people.doctorA, at: minute, as: w.people.john) }?.code
                    == .slotTaken)
            for next in ["2027-01-05T09:30:00Z", "2027-01-05T10:30:00Z"] {
                #expect(try await w.book(w.people.doctorA, at: next, as: w.people.john).status == 201)
            }
            #expect(try await w.overlaps() == 0)
        }
    }

    @Test func `a doctor with hours is booked where a slot is offered, and else the next free ones are named`()
        async throws
    {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, buffer: 10)
            let slot = w.booking(w.people.doctorA, at: "2027-01-05T09:40:00Z", slot: true)
            let heard = try await w.ask("bookAppointment", as: w.people.jane, slot)
            #expect(heard["status"] == "REQUESTED" && heard["end"] == "2027-01-05T10:10:00Z")
            let problem = try await w.refusal {
                try await w.book(w.people.doctorA, at: "2027-01-05T09:30:00Z", as: w.people.john)
            }
            #expect(problem?.code == .slotTaken)
            guard case .list(let next)? = problem?.details["next_slots"], case .object(let first)? = next.first else {
                Issue.record("no next slots")
                return
            }
            #expect(next.count == 5 && first["start"] == .text("2027-01-05T10:20:00Z"))
            // The front desk is bound by what is free alone; the buffer is not.
            #expect(
                try await w.refusal {
                    try await w.book(
                        w.people.doctorA, at: "2027-01-05T10:15:00Z", as: w.people.hospital,
                        patient: w.people.keptRecord)
                }?.code == .slotTaken)
            let desk = try await w.book(
                w.people.doctorA, at: "2027-01-05T20:00:00Z", as: w.people.hospital, patient: w.people.keptRecord)
            #expect(desk["status"] == "CONFIRMED")
        }
    }

    @Test func `a visit lasts as long as its doctor's slots, else half an hour`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, slot: 45)
            #expect(try await w.book(w.people.doctorA, at: "2027-01-05T09:00:00Z")["duration_minutes"] == .integer(45))
            #expect(try await w.book(w.people.doctorB, at: World.ten)["duration_minutes"] == .integer(30))
            #expect(try await w.book(at: "2027-01-05T12:00:00Z")["duration_minutes"] == .integer(30))
        }
    }

    @Test func `where the doctor wishes it, a slot is confirmed at once`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, autoConfirm: true)
            #expect(try await w.book(w.people.doctorA)["status"] == "CONFIRMED")
            #expect(try await w.events() == ["scheduling.appointment_confirmed.v1"])
        }
    }

    @Test func `one's own hold is booked, named or not; another's is not found`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let first = try await w.hold(w.people.doctorA, at: World.ten)
            #expect(try await w.refusal { try await w.book(w.people.doctorA, as: w.people.john) }?.code == .slotTaken)
            let foreign = w.booking(at: nil, hold: first)
            #expect(
                try await w.refusal { try await w.ask("bookAppointment", as: w.people.john, foreign) }?.code
                    == .notFound)
            #expect(try await w.ask("bookAppointment", as: w.people.jane, foreign)["start"] == .string(World.ten))
            #expect(
                try await w.refusal { try await w.ask("bookAppointment", as: w.people.jane, foreign) }?.code
                    == .conflict)
            _ = try await w.hold(w.people.doctorA, at: "2027-01-05T11:00:00Z")
            #expect(try await w.book(w.people.doctorA, at: "2027-01-05T11:00:00Z").status == 201)
            #expect(try await w.busy() == [World.ten, "2027-01-05T11:00:00Z"])
        }
    }

    @Test func `the front desk books for records it keeps and patients who were there, confirmed`() async throws {
        try await withWorld { w in
            let desk = w.people.hospital
            let kept = try await w.book(w.people.doctorA, as: desk, patient: w.people.keptRecord)
            #expect(kept["status"] == "CONFIRMED" && kept["patient_name"] == "Kim Kept")
            let stranger = try await w.refusal {
                try await w.book(at: "2027-01-06T10:00:00Z", as: desk, patient: w.people.janesRecord)
            }
            #expect(stranger?.errors.map(\.field) == ["patient_id"])
            #expect(try await w.refusal { try await w.book(as: desk) }?.errors.map(\.field) == ["patient_id"])
            _ = try await w.book(at: "2027-01-07T10:00:00Z")
            let known = try await w.book(at: "2027-01-06T10:00:00Z", as: desk, patient: w.people.janesRecord)
            #expect(known["status"] == "REQUESTED")
            let foreign = w.booking(patient: w.people.keptRecord)
            #expect(
                try await w.refusal { try await w.ask("bookAppointment", as: w.people.otherHospital, foreign) }?
                    .errors.map(\.field) == ["patient_id", "hospital_id"])
        }
    }

    @Test func `a front desk books a patient onto the time that they hold, and what overlaps it`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            _ = try await w.book(at: "2027-01-07T10:00:00Z")
            func desk(_ start: String, slot: Bool = false) async throws -> World.Heard {
                let body = w.booking(w.people.doctorA, at: start, slot: slot, patient: w.people.janesRecord)
                return try await w.ask("bookAppointment", as: w.people.hospital, body)
            }
            _ = try await w.hold(w.people.doctorA, at: World.ten)
            #expect(try await desk(World.ten)["status"] == "CONFIRMED")
            _ = try await w.hold(w.people.doctorA, at: "2027-01-05T11:00:00Z")
            #expect(try await desk("2027-01-05T11:00:00Z", slot: true)["end"] == "2027-01-05T11:30:00Z")
            _ = try await w.hold(w.people.doctorA, at: "2027-01-06T10:00:00Z")
            #expect(try await desk("2027-01-06T10:15:00Z")["start"] == "2027-01-06T10:15:00Z")
            #expect(
                try await w.busy() == [
                    World.ten, "2027-01-05T11:00:00Z", "2027-01-06T10:15:00Z", "2027-01-07T10:00:00Z",
                ])
            // Another's hold stays another's.
            _ = try await w.hold(w.people.doctorA, at: "2027-01-08T10:00:00Z", as: w.people.john)
            #expect(try await w.refusal { try await desk("2027-01-08T10:00:00Z") }?.code == .slotTaken)
        }
    }

    @Test func `a hold whose time has passed is booked no more`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let hold = try await w.hold(w.people.doctorA, at: World.ten)
            w.clock.pass(.seconds(34 * 3600))
            let body = w.booking(at: nil, hold: hold)
            let problem = try await w.refusal { try await w.ask("bookAppointment", as: w.people.jane, body) }
            #expect(problem?.code == .validationFailed && problem?.errors.map(\.field) == ["hold_id"])
        }
    }
}
