import IdentityDomain
import Testing

struct NumberedUsernameTests {
    @Test func `the first name that is free is the stem, then with the lowest number from 2`() {
        let name = NumberedUsername("alikhan_city")
        #expect(name.free(besides: []).prefix(2) == ["alikhan_city", "alikhan_city2"])
        let taken: Set<String> = ["alikhan_city", "alikhan_city2", "alikhan_city4", "alikhan_cityhall"]
        #expect(name.free(besides: taken).prefix(2) == ["alikhan_city3", "alikhan_city5"])
        #expect(Set(name.free(besides: taken)).count == NumberedUsername.tries)
    }

    @Test(arguments: [
        (HospitalStanding?.none, true, true), (.approved, true, true), (.approved, false, false),
        (.pending, true, false), (.rejected, true, false), (.deleted, true, false),
    ])
    func `who is let in belongs to no hospital, or to an approved one that has not shut them out`(
        hospital: HospitalStanding?, isAdmitted: Bool, isLetIn: Bool
    ) {
        #expect((Admission(hospital: hospital, isAdmitted: isAdmitted).refusal == nil) == isLetIn)
    }
}
