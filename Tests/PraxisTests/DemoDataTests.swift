import API
import Forms
import JSON
import Praxis
import Testing

@Suite struct DemoDataTests {
    @Test func `every demo patient and doctor is one the service takes`() throws {
        for body in DemoData.patients { _ = try PatientBody(Source(body: body)) }
        for body in DemoData.doctors { _ = try DoctorBody(Source(body: body)) }
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
}
