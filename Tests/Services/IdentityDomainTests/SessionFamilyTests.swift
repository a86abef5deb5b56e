import IdentityDomain
import Kernel
import Testing

@Suite struct SessionFamilyTests {
    let start = Instant(seconds: 1_700_000_000)
    let lifetimes = TokenLifetimes()

    func decide(
        usedAfter used: Int64? = nil, successorUsed: Bool = false, askedAfter seconds: Int64, ended: Bool = false,
        expiresAfter: Int64 = 7 * 86_400
    ) -> SessionFamily.Decision {
        let family = SessionFamily(startedAt: start, endedAt: ended ? start : nil)
        let token = SessionFamily.Token(
            expiresAt: start + .seconds(expiresAfter), usedAt: used.map { start + .seconds($0) },
            isSuccessorUsed: successorUsed)
        return family.decide(on: token, at: start + .seconds(seconds), lifetimes)
    }

    @Test func `the newest token is exchanged for one that lives a week`() {
        #expect(decide(askedAfter: 60) == .rotate(successorExpiresAt: start + .seconds(60 + 7 * 86_400)))
    }

    @Test func `no successor outlives thirty days since login`() {
        let day: Int64 = 86_400
        #expect(
            decide(askedAfter: 29 * day, expiresAfter: 30 * day)
                == .rotate(successorExpiresAt: start + .seconds(30 * day)))
        #expect(decide(askedAfter: 30 * day, expiresAfter: 31 * day) == .refuse)
    }

    @Test func `an expired token is refused and nothing else happens`() {
        #expect(decide(askedAfter: 7 * 86_400) == .refuse)
    }

    @Test(arguments: [(9, true), (10, true), (11, false)])
    func `the predecessor gets the same answer for ten seconds`(seconds: Int64, isRepeated: Bool) {
        #expect(decide(usedAfter: 0, askedAfter: seconds) == (isRepeated ? .repeatAnswer : .end))
    }

    @Test func `a predecessor whose successor was used ends the family even at once`() {
        #expect(decide(usedAfter: 0, successorUsed: true, askedAfter: 1) == .end)
    }

    @Test func `nothing of an ended session is exchanged or repeated`() {
        #expect(decide(askedAfter: 1, ended: true) == .refuse)
        #expect(decide(usedAfter: 0, askedAfter: 1, ended: true) == .refuse)
    }
}
