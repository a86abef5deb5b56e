import Kernel
import Testing

struct CallerTests {
    private let account = ID<Account>(high: 1, low: 2)
    private let session = ID<Session>(high: 3, low: 4)

    @Test(arguments: Role.allCases) func `an account of no hospital is its own tenant, whatever its role`(role: Role) {
        let caller = Caller(account: account, role: role, session: session)
        #expect(caller.tenant == ID(high: 1, low: 2))
    }

    @Test func `accounts of a hospital have its tenant`() {
        let hospital = ID<Tenant>(high: 5, low: 6)
        #expect(Caller(account: account, role: .doctor, tenant: hospital, session: session).tenant == hospital)
    }
}
