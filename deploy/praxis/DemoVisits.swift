import API
import JSON
import Kernel

/// Hours, visits, a waitlist's entry and a queue of the demonstration's hospital, put in place as its front desk and
/// its patient would. What is there already stays as it is; visits are made anew when those of the last time are over.
struct DemoVisits: Sendable {
    let gateway: GatewayAPI
    let now: Instant
    /// Tokens of the hospital and of the patient.
    let hospital: String
    let patient: String
    /// The ids of hospital, department and doctor.
    let places: Places

    struct Places: Sendable {
        let hospital: String
        let department: String
        let doctor: String
    }

    /// Answers which id each record has that the documentation's examples name.
    func load() async throws -> [DemoRecord: String] {
        var ids: [DemoRecord: String] = [:]
        ids[DemoRecord(ScheduleException.self)] = try await hours()
        ids[DemoRecord(QueueToken.self)] = try await queue()
        let slots = try await freeSlots()
        ids[.freeSlot] = slots.last?["slot_id"]?.string
        ids.merge(try await visits(slots)) { $1 }
        ids[DemoRecord(WaitlistEntry.self)] = try await waitlist()
        return ids
    }

    /// The doctor's week and a day off; the id of the latter.
    private func hours() async throws -> String? {
        let schedule = try await gateway.data(SchedulesAPI.schedule.declaration, path: [places.doctor], as: hospital)
        if schedule["weekly_hours"]?.object?.isEmpty != false {
            _ = try await gateway.data(
                SchedulesAPI.replaceSchedule.declaration, path: [places.doctor], body: DemoData.hours, as: hospital)
        }
        if let known = schedule["exceptions"]?.array?.first?["id"]?.string { return known }
        let holiday = CalendarDate(daysSinceEpoch: now.date.daysSinceEpoch + 60).description
        return try await gateway.data(
            SchedulesAPI.addException.declaration, path: [places.doctor],
            body: ["kind": "closed", "date": .string(holiday), "note": "Public holiday"], as: hospital)["id"]?.string
    }

    /// A walk-in who was called.
    private func queue() async throws -> String? {
        let board = try await gateway.data(QueuesAPI.board.declaration, path: [places.doctor], as: hospital)
        let called = board["tokens"]?.array?.first { $0["status"] == "CALLED" }
        if let called { return called["id"]?.string }
        let issued = try await gateway.data(
            QueuesAPI.issue.declaration, path: [places.doctor], body: ["label": "Green jacket"], as: hospital)
        _ = try await gateway.data(QueuesAPI.next.declaration, path: [places.doctor], as: hospital)
        return issued["id"]?.string
    }

    /// Those of the coming week that are a day away at least.
    private func freeSlots() async throws -> [JSONValue] {
        let answer = try await gateway.data(SchedulesAPI.slots.declaration, path: [places.doctor], as: patient)
        let tomorrow = now + .seconds(86_400)
        return answer["slots"]?.array?.filter { slot in
            slot["start"]?.string.flatMap { Instant(rfc3339: $0) }.map { $0 > tomorrow } ?? false
        } ?? []
    }

    private func waitlist() async throws -> String? {
        let waiting = try await gateway.data(WaitlistAPI.list.declaration, query: "page_size=100", as: patient)
        if let known = waiting.array?.first(where: { $0["status"] == "WAITING" }) { return known["id"]?.string }
        let days = [30, 40].map { CalendarDate(daysSinceEpoch: now.date.daysSinceEpoch + $0).description }
        return try await gateway.data(
            WaitlistAPI.join.declaration,
            body: [
                "hospital_id": .string(places.hospital), "doctor_id": .string(places.doctor),
                "from": .string(days[0]), "to": .string(days[1]), "reason": "An earlier time, please",
            ], as: patient)["id"]?.string
    }
}

/// Visits in every state, from today on.
extension DemoVisits {
    private func visits(_ slots: [JSONValue]) async throws -> [DemoRecord: String] {
        let query = "from=\(now.date)&page_size=100"
        let listed =
            try await gateway.data(AppointmentsAPI.ofHospital.declaration, query: query, as: hospital).array ?? []
        var ids: [DemoRecord: String] = [:]
        for (index, visit) in DemoData.visits.enumerated() {
            let known = listed.first { $0["reason"]?.string == visit.reason }?["id"]?.string
            let id = if let known { known } else { try await make(visit, index, slots) }
            if let record = visit.record { ids[record] = id }
        }
        return ids
    }

    /// - Parameter index: visits lie apart from each other by it.
    private func make(_ visit: DemoData.Visit, _ index: Int, _ slots: [JSONValue]) async throws -> String {
        var body: [JSONMember] = [
            JSONMember(key: "hospital_id", value: .string(places.hospital)),
            JSONMember(key: "department_id", value: .string(places.department)),
            JSONMember(key: "reason", value: .string(visit.reason)),
        ]
        if visit.namesDoctor { body.append(JSONMember(key: "doctor_id", value: .string(places.doctor))) }
        if let person = visit.walksIn {
            body.append(JSONMember(key: "patient_id", value: .string(try await record(person))))
            body.append(JSONMember(key: "requested_time", value: .string(halfHour(after: index).rfc3339)))
        } else {
            // Few enough that a week of hours has room for all, whatever was booked by others.
            guard slots.indices.contains(index * 3), let start = slots[index * 3]["start"] else {
                throw Failure(.unavailable, "The demonstration's doctor has no free time in the coming week.")
            }
            body.append(JSONMember(key: "requested_time", value: start))
        }
        let token = visit.walksIn == nil ? patient : hospital
        let made = try await gateway.data(AppointmentsAPI.book.declaration, body: .object(body), as: token)
        guard let id = made["id"]?.string else { throw Failure(.unavailable, "A visit has no id.") }
        for step in visit.steps {
            _ = try await gateway.data(
                AppointmentsAPI.changeStatus.declaration, path: [id],
                body: ["status": .string(step.status.rawValue), "reason": .text(step.reason)],
                as: step.byPatient ? patient : hospital)
        }
        return id
    }

    /// Whole half hours from now on, the first at least half an hour ahead.
    private func halfHour(after index: Int) -> Instant {
        Instant(seconds: (now.seconds / 1800 + 2 + Int64(index)) * 1800)
    }

    /// The record that the hospital keeps of somebody who has no account.
    private func record(_ person: JSONValue) async throws -> String {
        try await gateway.idOfPerson(
            person, RegistryAPI.createPatient.declaration, among: RegistryAPI.listPatients.declaration, by: "email",
            as: hospital)
    }
}
