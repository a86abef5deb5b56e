import API
import Forms
import JSON
import Kernel
import Praxis
import Testing

@Suite struct DemoDataTests {
    @Test func `every demo patient and doctor is one the service takes`() throws {
        for body in DemoData.patients { _ = try PatientBody(Source(body: body)) }
        for body in DemoData.doctors { _ = try DoctorBody(Source(body: body)) }
        let password: JSONValue = ["password": "Aa1!abcdefgh", "confirm_password": "Aa1!abcdefgh"]
        for body in DemoData.hospitals { _ = try RegisterHospital(Source(body: MergePatch.apply(password, to: body))) }
        _ = try RegisterProvider(Source(body: MergePatch.apply(password, to: DemoData.provider)))
        _ = try RegisterPatientAccount(Source(body: MergePatch.apply(password, to: DemoData.patientAccount)))
        let department: JSONValue = ["department_id": "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"]
        _ = try HospitalDoctorBody(Source(body: MergePatch.apply(department, to: DemoData.hospitalDoctor)))
    }

    @Test func `what stands in the patient's records is what the service takes`() throws {
        _ = try HealthBody(Source(body: DemoData.health))
        _ = try PrescriptionBody(Source(body: DemoData.prescription))
        _ = try BreakGlassBody(Source(body: DemoData.breakGlass))
    }

    @Test func `what tells them apart is there and differs`() {
        let emails = DemoData.patients.compactMap { $0["email"]?.string }
        let licences = DemoData.doctors.compactMap { $0["license_number"]?.string }
        #expect(Set(emails).count == DemoData.patients.count)
        #expect(Set(licences).count == DemoData.doctors.count)
    }

    @Test func `no patient has two primary doctors`() {
        let primaries = DemoData.mappings.filter(\.isPrimary).map(\.patient)
        #expect(Set(primaries).count == primaries.count)
        for mapping in DemoData.mappings {
            #expect(DemoData.patients.indices.contains(mapping.patient))
            #expect(DemoData.doctors.indices.contains(mapping.doctor))
        }
    }

    @Test func `there is a visit in every state, and hours to book`() throws {
        _ = try ScheduleBody(Source(body: DemoData.hours))
        let states = DemoData.visits.map { $0.steps.last?.status ?? .requested }
        #expect(Set(states) == Set(AppointmentStatus.allCases))
        #expect(Set(DemoData.visits.map(\.reason)).count == DemoData.visits.count)
        for person in DemoData.visits.compactMap(\.walksIn) { _ = try PatientBody(Source(body: person)) }
    }
}
