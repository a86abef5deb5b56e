import API
import Chassis
import JSON
import Kernel
import Postgres
import Scheduling
import TestSupport
import Testing

/// What the lists of one patient, doctor and hospital cost beside those of others, whose visits are all later.
struct SmallOwnerTests {
    @Test func `no list of a patient, a doctor or a hospital reads the rows of others`() async throws {
        try await withWorld { w in
            let people = w.people
            let small = Owner(
                people.jane, people.janesRecord, people.doctorA, people.entry(of: people.doctorA), people.hospital)
            let large = Owner(
                people.john, people.johnsRecord, people.otherDoctor, people.entry(of: people.otherDoctor),
                people.otherHospital)
            w.home.script("set search_path to scheduling, public;" + small.rows(1...40, from: "01000000", year: 2025))
            let read = ReadRows(w.database, w.home, schema: "scheduling")
            let lists = visits(w) + others(w, small)
            let exceeding = try await read.exceeding(
                600, beside: { large.rows($0, from: "0f000000", year: 2026) }, lists: lists)
            #expect(exceeding == [])
        }
    }

    private func visits(_ w: World) -> [ReadRows.Ask] {
        let lists = [
            ("listMyAppointments", w.people.jane), ("listDoctorAppointments", w.people.doctorA),
            ("listHospitalAppointments", w.people.hospital),
        ]
        let filters = [
            "", "cursor=", "status=COMPLETED", "status=CANCELLED", "from=2025-01-01", "to=2025-01-20&cursor=",
        ]
        var asks: [ReadRows.Ask] = []
        for (list, caller) in lists {
            for filter in filters {
                let query = filter.split(separator: "&").map { part in
                    let words = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
                    return (name: words[0], value: words[1])
                }
                asks.append(("\(list) \(filter)", { _ = try await w.ask(list, as: caller, query: query) }))
            }
        }
        return asks
    }

    private func others(_ w: World, _ small: Owner) -> [ReadRows.Ask] {
        let counts = AppointmentCounts(database: w.database)
        let hospital: ID<Hospital> = small.hospital.tenant.retyped()
        var asks: [ReadRows.Ask] = [
            ("patients of a hospital", { _ = try await counts.patients(of: hospital, after: nil, limit: 100) }),
            ("visits ahead", { _ = try await counts.ahead(of: small.entry, at: w.clock.now) }),
            ("latest visits", { _ = try await counts.latest(of: small.record, with: nil) }),
            ("waitlist", { _ = try await w.ask("listWaitlist", as: small.patient) }),
        ]
        for cursor in ["", small.cursor] {
            let query = [(name: "cursor", value: cursor)]
            asks.append(
                ("waitlist \(cursor)", { _ = try await w.ask("listWaitlist", as: small.patient, query: query) }))
        }
        return asks
    }

    /// Whom rows belong to.
    private struct Owner: Sendable {
        let patient: Caller
        let record: ID<Patient>
        let doctor: Caller
        let entry: ID<Doctor>
        let hospital: Caller

        init(_ patient: Caller, _ record: ID<Patient>, _ doctor: Caller, _ entry: ID<Doctor>, _ hospital: Caller) {
            self.patient = patient
            self.record = record
            self.doctor = doctor
            self.entry = entry
            self.hospital = hospital
        }

        var cursor: String { Cursor(id: ID<WaitlistEntry>(high: 0x0100_0000_0000_7000, low: 20)).text }

        /// A visit and an entry of the waiting list of each number; their ids begin with the digits.
        func rows(_ numbers: ClosedRange<Int>, from beginning: String, year: Int) -> String {
            """
            create temp table crowd as select n, ('\(beginning)-0000-7000-0000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
                timestamptz '\(year)-01-01' + n * interval '30 minutes' as at from generate_series(\(numbers.lowerBound), \(numbers.upperBound)) n;
            insert into appointment (appointment_id, hospital_id, hospital_account_id, doctor_id, doctor_account_id, patient_id,
                patient_account_id, status, starts, ends, requested_at, claim_id, version, created_at, updated_at)
            select id, '\(hospital.tenant)', '\(hospital.account)', '\(entry)', '\(doctor.account)', '\(record)', '\(patient.account)',
                'COMPLETED', at, at + interval '20 minutes', at, id, 1, at, at from crowd;
            insert into waitlist_entry (entry_id, patient_id, patient_account_id, hospital_id, from_at, to_at, status, created_at)
            select id, '\(record)', '\(patient.account)', '\(hospital.tenant)', at, at + interval '1 hour', 'LEFT', at from crowd;
            """
        }
    }
}
