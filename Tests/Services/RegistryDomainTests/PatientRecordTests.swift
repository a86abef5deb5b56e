import Kernel
import RegistryDomain
import Testing

@Suite struct PatientRecordTests {
    let now = Instant(seconds: 1_700_000_000)  // 2023-11-14
    let owner = ID<Account>(high: 1, low: 1)
    let id = ID<Patient>(high: 1, low: 2)

    func born(_ date: String) -> PatientDetails {
        var details = PatientDetails(firstName: "Jane", lastName: "Smith")
        details.dateOfBirth = CalendarDate(date)
        return details
    }

    @Test func `a change counts the version and keeps owner and creation`() throws {
        let record = PatientRecord.made(born("1985-06-15"), by: owner, of: owner.ownTenant, as: id, at: now)
        let later = try #require(record.changed(to: born("1985-06-16"), at: now + .seconds(5)))
        #expect(later.version == 2 && later.owner == owner && later.createdAt == now)
        #expect(later.updatedAt == now + .seconds(5))
        #expect(record.version == 1 && record.createdAt == now && record.updatedAt == now)
    }

    @Test func `the same details are no change, and an email in other letters is one`() throws {
        var details = born("1985-06-15")
        details.email = Email("jane@example.com")
        let record = PatientRecord.made(details, by: owner, of: owner.ownTenant, as: id, at: now)
        #expect(record.changed(to: details, at: now + .seconds(5)) == nil)
        details.email = Email("Jane@example.com")
        #expect(record.changed(to: details, at: now + .seconds(5))?.details.email?.text == "Jane@example.com")
    }
}
