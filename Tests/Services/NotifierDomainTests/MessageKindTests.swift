import Kernel
import NotifierDomain
import Testing

struct MessageKindTests {
    @Test func `codes and reset links live shortly, from when they were asked for`() {
        for kind in MessageKind.allCases {
            let isShort = kind == .phoneCode || kind == .passwordReset
            #expect(kind.isPerishable == isShort)
            #expect((kind.lifetime <= .seconds(1800)) == isShort)
        }
    }
}
