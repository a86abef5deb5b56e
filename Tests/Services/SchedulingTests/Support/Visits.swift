import JSON
import Kernel
import Postgres

/// Visits as people book and change them, through the endpoints.
extension World {
    static let ten = "2027-01-05T10:00:00Z"

    func booking(
        _ doctor: Caller? = nil, at start: String? = World.ten, slot: Bool = false, hold: String? = nil,
        patient: ID<Patient>? = nil, department: ID<Department>? = nil
    ) -> JSONValue {
        let id = doctor.map { people.entry(of: $0).description }
        var body: [JSONMember] = [
            JSONMember(key: "hospital_id", value: .string(people.hospitalID.description)),
            JSONMember(key: "reason", value: "Canaryreason"), JSONMember(key: "notes", value: "Canarynotes"),
        ]
        func add(_ key: String, _ value: String?) {
            if let value { body.append(JSONMember(key: key, value: .string(value))) }
        }
        add("doctor_id", slot ? nil : id)
        if slot, let id, let start { add("slot_id", Self.slot(id, start)) } else { add("requested_time", start) }
        add("hold_id", hold)
        add("patient_id", patient?.description)
        add("department_id", department?.description)
        return .object(body)
    }

    /// `2027-01-05T10:00:00Z` as a slot of a doctor.
    static func slot(_ doctor: String, _ start: String) -> String {
        "\(doctor)_\(start.replacing("-", with: "").replacing(":", with: "").prefix(13))Z"
    }

    /// A request of the first patient, or a visit booked by the front desk.
    func book(
        _ doctor: Caller? = nil, at start: String = World.ten, as caller: Caller? = nil, patient: ID<Patient>? = nil
    ) async throws -> Heard {
        try await ask("bookAppointment", as: caller ?? people.jane, booking(doctor, at: start, patient: patient))
    }

    func assign(
        _ id: String, _ doctor: Caller, at start: String? = nil, overbook: Bool = false, as caller: Caller? = nil
    ) async throws -> Heard {
        try await ask(
            "assignDoctor", as: caller ?? people.hospital, id: id,
            [
                "doctor_id": .string(people.entry(of: doctor).description),
                "start": start.map { .string($0) } ?? .null, "overbook": .bool(overbook),
                "reason": overbook ? "Canaryoverbook" : .null,
            ])
    }

    func setStatus(
        _ id: String, _ status: String, as caller: Caller? = nil, because reason: String? = nil
    ) async throws -> Heard {
        try await ask(
            "changeAppointmentStatus", as: caller ?? people.hospital, id: id,
            ["status": .string(status), "reason": reason.map { .string($0) } ?? .null])
    }

    func cancel(_ id: String, as caller: Caller? = nil) async throws -> Heard {
        try await ask("cancelAppointment", as: caller ?? people.jane, id: id, [:])
    }

    func reschedule(_ id: String, to start: String, as caller: Caller? = nil) async throws -> Heard {
        try await ask("rescheduleAppointment", as: caller ?? people.jane, id: id, ["start": .string(start)])
    }

    /// A slot that the first patient holds; the hold's id.
    func hold(_ doctor: Caller, at start: String, as caller: Caller? = nil) async throws -> String {
        let slot = Self.slot(people.entry(of: doctor).description, start)
        return try await ask("holdSlot", as: caller ?? people.jane, ["slot_id": .string(slot)]).id
    }

    /// The starts of claims that hold now, of doctors.
    func busy() async throws -> [String] {
        try await database.read(Column<Instant>("starts")) {
            "select \($0) from claim where held_until > clock_timestamp() order by starts"
        }.map(\.rfc3339)
    }

    /// Pairs of claims that make one doctor's or patient's time busy twice.
    func overlaps() async throws -> Int {
        try await database.read(Column<Int>("count(*)")) {
            """
            select \($0) from claim a join claim b on a.claim_id < b.claim_id
                and a.held_until > clock_timestamp() and b.held_until > clock_timestamp()
                and (a.doctor_id = b.doctor_id and not a.overbooked and not b.overbooked
                        and a.starts < b.busy_until and b.starts < a.busy_until
                    or a.patient_id = b.patient_id and a.starts < b.ends and b.starts < a.ends)
            """
        }.one
    }
}

/// What each of many requests that run at once came to: a status, or the code of a problem.
func atOnce(
    _ count: Int, _ work: @escaping @Sendable (Int) async throws -> World.Heard
) async throws -> [String] {
    try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<count {
            group.addTask {
                do { return String(try await work(number).status) } catch let problem as Problem {
                    return problem.code.rawValue
                }
            }
        }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}
