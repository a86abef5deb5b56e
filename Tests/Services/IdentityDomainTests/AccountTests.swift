import IdentityDomain
import Kernel
import Testing

@Suite struct AccountTests {
    let now = Instant(seconds: 1_700_000_000)

    @Test func `four wrong passwords cost nothing, then the wait doubles to a minute`() {
        let waits = (1...14).map { LoginBackoff.delay(after: $0).components.seconds }
        #expect(waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
        #expect(LoginBackoff.delays == Array(waits.prefix(11)))
        #expect(LoginBackoff.delay(after: .max) == .seconds(60))
    }

    @Test func `a username is made from the name`() {
        let proposals = UsernameProposals(name: "Dr. Alice Johnson", random: 987_654_321_987_654_321).all
        #expect(proposals.first == "dralicejohnson")
        #expect(Set(proposals).count == UsernameProposals.count)
        #expect(proposals.allSatisfy { $0.hasPrefix("dralicejohnson") })
    }

    @Test(arguments: ["محمد", "李", "…", "A"])
    func `a name without Latin letters gives a username with digits`(name: String) {
        let first = UsernameProposals(name: name, random: 42).all[0]
        #expect(first.hasPrefix("user"))
        #expect(first.utf8.count > 4)
    }

    @Test func `an administrator cannot switch off themselves`() throws {
        let id = ID<Account>.make(at: now)
        let account = UserAccount(
            id: id, username: "admin", name: "Admin", email: try #require(Email("admin@example.com")), role: .admin,
            createdAt: now)
        #expect(throws: Problem.self) { try account.switched(active: false, by: id, at: now) }
        let other = ID<Account>.make(at: now)
        #expect(try account.switched(active: false, by: other, at: now)?.version == 2)
        #expect(try account.switched(active: true, by: other, at: now) == nil)
    }
}
