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

    @Test(arguments: ["2023-11-14", "1900-01-01", "1985-06-15"])
    func `a birth up to today, from 1900 on, is believed`(date: String) throws {
        let record = try PatientRecord.made(born(date), by: owner, as: id, at: now)
        #expect(record.version == 1 && record.createdAt == now && record.updatedAt == now)
    }

    @Test(arguments: ["2023-11-15", "1899-12-31"])
    func `a birth in the future or before 1900 is refused by its field`(date: String) {
        let problem = #expect(throws: Problem.self) { try PatientRecord.made(born(date), by: owner, as: id, at: now) }
        #expect(problem?.errors.map(\.field) == ["date_of_birth"])
    }

    @Test func `a change counts the version and keeps owner and creation`() throws {
        let record = try PatientRecord.made(born("1985-06-15"), by: owner, as: id, at: now)
        let later = try record.changed(to: born("1985-06-16"), at: now + .seconds(5))
        #expect(later.version == 2 && later.owner == owner && later.createdAt == now)
        #expect(later.updatedAt == now + .seconds(5))
        #expect(throws: Problem.self) { try record.changed(to: born("2030-01-01"), at: now) }
    }
}
