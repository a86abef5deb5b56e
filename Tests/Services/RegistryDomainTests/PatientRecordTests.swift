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

    @Test func `a change counts the version and keeps owner and creation`() {
        let record = PatientRecord.made(born("1985-06-15"), by: owner, of: owner.ownTenant, as: id, at: now)
        let later = record.changed(to: born("1985-06-16"), at: now + .seconds(5))
        #expect(later.version == 2 && later.owner == owner && later.createdAt == now)
        #expect(later.updatedAt == now + .seconds(5))
        #expect(record.version == 1 && record.createdAt == now && record.updatedAt == now)
    }
}
