import Glibc
import IDNA
import Kernel
import Lifecycle
import Net
import Notifier
import NotifierDomain
import Testing

struct HookNamesTests {
    private func url(_ host: String) throws -> HookURL {
        try HookURL("https://\(host)/", allowsPrivate: false, ascii: DomainName.ascii)
    }

    @Test func `names that nobody answers for take some threads of their owner, and none of others`() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        let (silence, end) = (ends[0], ends[1])
        let begun = Locked(0)
        let group = EventLoopGroup(count: 1)
        let names = SystemHookNames(on: group.any(), timeout: .milliseconds(20)) { host, port in
            guard host.hasPrefix("tarpit") else { return [.ipv4(0x0808_0808, port: port)] }
            begun.withLock { $0 += 1 }
            var byte: UInt8 = 0
            _ = unsafe read(silence, &byte, 1)  // until the test is over
            return []
        }
        for number in 0..<40 {
            #expect(await names.addresses(of: try url("tarpit\(number).example"), for: World.hospital.account).isEmpty)
        }
        #expect(begun.withLock { $0 } == SystemHookNames.ownerWidth)
        let good = try url("good.example")
        #expect(await names.addresses(of: good, for: World.hospital.account).isEmpty)
        let found = await names.addresses(of: good, for: World.otherHospital.account)
        #expect(found == [NetworkAddress("8.8.8.8")].compactMap(\.self))
        close(end)
        group.shutDown()
    }
}
