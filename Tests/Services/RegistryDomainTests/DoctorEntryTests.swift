import Kernel
import RegistryDomain
import Testing

@Suite struct DoctorEntryTests {
    let creator = ID<Account>(high: 1, low: 1)

    func caller(_ low: UInt64, _ role: Role) -> Caller {
        Caller(account: ID(high: 1, low: low), role: role, session: ID(high: 9, low: low))
    }

    @Test(arguments: [("Emily", "Dr. Emily Chen"), ("Dr. Emily", "Dr. Emily Chen"), ("Drew", "Dr. Drew Chen")])
    func `a doctor is shown with the title once`(first: String, shown: String) {
        #expect(DoctorDetails(firstName: first, lastName: "Chen", specialization: .neurology).displayName == shown)
    }

    @Test func `creator and admins write an entry, others may not`() throws {
        let now = Instant(seconds: 0)
        let entry = DoctorEntry(
            id: ID(high: 2, low: 2), creator: creator,
            details: DoctorDetails(firstName: "E", lastName: "C", specialization: .other), createdAt: now,
            updatedAt: now)
        try entry.mustBeWritable(by: caller(1, .staff))
        try entry.mustBeWritable(by: caller(2, .admin))
        for role in Role.allCases where role != .admin {
            #expect(throws: Problem.forbidden) { try entry.mustBeWritable(by: caller(2, role)) }
        }
    }

    @Test func `the same details are no change, and an email in other letters is one`() throws {
        let now = Instant(seconds: 0)
        var details = DoctorDetails(firstName: "E", lastName: "C", specialization: .other)
        details.email = Email("e@example.com")
        let entry = DoctorEntry(
            id: ID(high: 2, low: 2), creator: creator, details: details, createdAt: now, updatedAt: now)
        #expect(try entry.changed(to: details, at: now + .seconds(5)) == nil)
        details.email = Email("E@example.com")
        let changed = try #require(try entry.changed(to: details, at: now + .seconds(5)))
        #expect(changed.details.email?.text == "E@example.com" && changed.version == 2)
    }

    @Test func `a patient's doctors have an end`() throws {
        try CareMapping.mustHaveRoom(beside: CareMapping.mostPerPatient - 1)
        #expect(throws: Problem.self) { try CareMapping.mustHaveRoom(beside: CareMapping.mostPerPatient) }
    }

    @Test func `there are 22 fields, four genders and eight blood groups, in any spelling`() {
        #expect(Specialization.allCases.count == 22 && BloodGroup.allCases.count == 8)
        #expect(Gender.spellings["prefer not to say"] == .undisclosed && Gender.spellings["f"] == .female)
        #expect(Gender.spellings["prefer_not_to_say"] == .undisclosed && Gender.spellings["male"] == .male)
        #expect(Specialization.spellings["internal medicine"] == .internalMedicine)
        #expect(BloodGroup.spellings["ab-"] == .abNegative)
    }
}
