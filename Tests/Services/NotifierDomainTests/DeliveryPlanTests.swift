import Kernel
import NotifierDomain
import Testing

struct DeliveryPlanTests {
    static let account = ID<Account>.make(at: Instant(seconds: 1_760_000_000))

    @Test(arguments: [
        (DeliveryPlan.Occasion.accountRegistered(account), MessageKind.welcome),
        (.emailVerified(account), .welcome), (.verificationRequested(account), .verification),
        (.reviewAsked(of: account), .providerReview), (.providerVerified(account), .providerVerified),
        (.providerRejected(account), .providerRejected), (.phoneCodeRequested(account), .phoneCode),
        (.passwordResetRequested(account), .passwordReset), (.passwordChanged(account), .passwordChanged),
        (.newDeviceSeen(account), .newDevice), (.secondFactorEnabled(account), .secondFactorEnabled),
        (.secondFactorDisabled(account), .secondFactorDisabled),
    ])
    func `an occasion makes one message, by a way it has words for`(
        occasion: DeliveryPlan.Occasion, kind: MessageKind
    ) throws {
        let planned = DeliveryPlan.deliveries(on: occasion)
        #expect(planned.map(\.kind) == [kind] && planned.map(\.recipient) == [Self.account])
        #expect(kind.channels.contains(try #require(planned.first).channel))
    }

    @Test func `codes and reset links live shortly, from when they were asked for`() {
        for kind in MessageKind.allCases {
            let isShort = kind == .phoneCode || kind == .passwordReset
            #expect(kind.isPerishable == isShort)
            #expect((kind.lifetime <= .seconds(1800)) == isShort)
        }
    }
}
