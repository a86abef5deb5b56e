import API
import JSON
import Kernel
import Scheduling
import Testing

@Suite struct AppointmentReadsTests {
    private func patients(_ w: World, _ limit: Int64, after: JSONValue = .null) async throws -> JSONValue? {
        try await w.ask(
            "patientsOfHospital", as: nil,
            ["hospital_id": .string(w.people.hospitalID.description), "limit": .integer(limit), "after": after])[
                "patient_ids"]
    }

    @Test func `a hospital's patients come once each, by id, in parts`() async throws {
        try await withWorld { w in
            for start in ["2027-01-05T09:00:00Z", "2027-01-06T09:00:00Z"] {
                _ = try await w.visit(from: start, patient: w.people.janesRecord)
            }
            _ = try await w.visit(from: "2027-01-05T10:00:00Z", status: "CANCELLED", patient: w.people.johnsRecord)
            _ = try await w.visit(
                from: "2027-01-05T10:00:00Z", doctor: w.people.otherDoctor, patient: w.people.keptRecord)
            let (jane, john) = (w.people.janesRecord.description, w.people.johnsRecord.description)
            #expect(try await patients(w, 10) == [.string(jane), .string(john)])
            #expect(try await patients(w, 1) == [.string(jane)])
            #expect(try await patients(w, 1, after: .string(jane)) == [.string(john)])
            #expect(try await patients(w, 1, after: .string(john)) == [])
        }
    }

    @Test func `visits ahead of a doctor and open ones of a department are those that count, and all are counted`()
        async throws
    {
        try await withWorld { w in
            let department = w.people.cardiology
            let confirmed = try await w.visit(from: "2027-01-05T09:00:00Z", department: department)
            let requested = try await w.visit(
                from: "2027-01-05T10:00:00Z", status: "REQUESTED", department: department)
            _ = try await w.visit(from: "2027-01-03T10:00:00Z", department: department)
            _ = try await w.visit(from: "2027-01-05T11:00:00Z", status: "CANCELLED", department: department)
            _ = try await w.visit(from: "2027-01-05T11:00:00Z", doctor: w.people.doctorB, patient: w.people.johnsRecord)
            let doctor = JSONValue.string(w.people.entry(of: w.people.doctorA).description)
            #expect(
                try await w.ask("appointmentsOfDoctor", as: nil, ["doctor_id": doctor])["appointment_ids"]
                    == [.string(confirmed), .string(requested)])
            #expect(
                try await w.ask(
                    "openAppointmentsOfDepartment", as: nil, ["department_id": .string(department.description)])[
                        "count"]
                    == 3)
            #expect(
                try await w.ask("appointmentStats", as: nil)["by_status"] == [
                    "REQUESTED": 1, "CONFIRMED": 3, "CHECKED_IN": 0, "COMPLETED": 0, "REJECTED": 0, "CANCELLED": 1,
                    "NO_SHOW": 0,
                ])
        }
    }

    @Test func `records is told whom a visit joins and where it stands`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            let view = try #require(
                AppointmentPartiesView(try await w.ask("appointmentParties", as: nil, id: id).json))
            #expect(view.status == .requested && view.doctorAccount == w.people.doctorA.account)
            #expect(view.patient == w.people.janesRecord && view.patientAccount == w.people.jane.account)
            #expect(view.hospital == w.people.hospitalID && view.hospitalAccount == w.people.hospital.account)
            let unknown = "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"
            let problem = try await w.refusal { try await w.ask("appointmentParties", as: nil, id: unknown) }
            #expect(problem?.code == .notFound)
        }
    }
}
