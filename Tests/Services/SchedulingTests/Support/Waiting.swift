import API
import JSON
import Kernel
import Postgres
import Scheduling
import SchedulingDomain
import Testing

/// Patients who wait for a time, and times that become free.
extension World {
    /// Patients of the test's own, as many as wanted.
    func patients(_ count: UInt64) -> [Caller] {
        let people = (0..<count).map { number in
            Caller(account: ID(high: 0xA, low: 500 + number), role: .patient, session: ID(high: 0xB, low: 500 + number))
        }
        directory.set { state in
            for person in people {
                state.patients.append(
                    PatientCard(
                        id: Self.record(person), account: person.account, keeper: person.account, tenant: person.tenant,
                        fullName: "P"))
            }
        }
        return people
    }

    static func record(_ person: Caller) -> ID<Patient> { ID(high: 0xBA, low: person.account.low) }

    func join(
        _ person: Caller, from: String = "2027-01-05", to: String = "2027-01-05", department: Bool = false
    ) async throws -> String {
        let heard = try await ask(
            "joinWaitlist", as: person,
            [
                "hospital_id": .string(people.hospitalID.description),
                "doctor_id": department ? .null : .string(people.entry(of: people.doctorA).description),
                "department_id": department ? .string(people.cardiology.description) : .null,
                "from": .string(from), "to": .string(to), "reason": "Canaryreason",
            ])
        #expect(heard.status == 201 && heard["status"] == "WAITING" && heard["reason"] == "Canaryreason")
        return heard.id
    }

    func entry(_ person: Caller) async throws -> JSONValue {
        let entries = try await ask("listWaitlist", as: person).json.array
        return try #require(entries?.first)
    }

    func status(_ person: Caller) async throws -> JSONValue? {
        try await entry(person)["status"]
    }

    /// Nine o'clock, as somebody gave it up.
    func free(_ time: String = "2027-01-05T09:00:00Z", by patient: ID<Patient>? = nil) async throws {
        let start = try #require(Instant(rfc3339: time))
        let freed = FreedTime(
            doctor: people.entry(of: people.doctorA), hospital: people.hospitalID,
            department: people.cardiology, start: start, end: start + .seconds(1800),
            busyUntil: start + .seconds(1800), patient: patient)
        try await database.transaction(as: .service) { tx in
            try await composition.schedules.offers.freed(
                freed, of: FreedDoctor(account: people.doctorA.account, zone: "UTC"), from: .job("test"), in: tx)
        }
    }

    /// What was told of days with free time, in order.
    func freedDays() async throws -> [JSONValue] {
        let envelopes = try await database.read(Column<String>("envelope")) {
            "select \($0) from outbox where type = 'scheduling.slot_freed.v1' order by position"
        }
        return try envelopes.compactMap { try JSONReader.read(Array($0.utf8))["data"] }
    }

    func expireOffers() async throws { _ = try await composition.schedules.expireOffers.run() }
    func expireHolds() async throws { _ = try await composition.schedules.expireHolds.run() }

    /// The hold, a minute after it ended by itself.
    func lapse(_ hold: String) async throws {
        try await database.run(
            """
            update claim set claimed_at = clock_timestamp() - interval '6 minutes',
                held_until = clock_timestamp() - interval '1 minute' where claim_id = \(hold)::uuid
            """, as: .service)
    }
}
