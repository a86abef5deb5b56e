import Kernel
import Testing

struct NetworkAddressTests {
    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1"), ("::1", "0:0:0:0:0:0:0:1"), ("2001:db8::2:1", "2001:db8:0:0:0:0:2:1"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::", "0:0:0:0:0:0:0:0"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
    ])
    func `an address reads`(text: String, printed: String) { #expect(NetworkAddress(text)?.description == printed) }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "01.2.3.4", "1:2:3", ":1:2:3:4:5:6:7", "1::2::3", "::g", "1:2:3:4:5:6:7:8:9",
        "1.2.3.4.5", ":::", "::+1",
    ])
    func `what is no address is nil`(text: String) { #expect(NetworkAddress(text) == nil) }

    @Test func `a block holds its addresses and no others`() throws {
        let block = try #require(NetworkBlock("10.1.0.0/16"))
        #expect(block.contains(try #require(NetworkAddress("10.1.255.3"))))
        #expect(!block.contains(try #require(NetworkAddress("10.2.0.1"))))
        let wide = try #require(NetworkBlock("fd00::/8"))
        #expect(wide.contains(try #require(NetworkAddress("fd12::1"))))
        #expect(!wide.contains(try #require(NetworkAddress("10.0.0.1"))))
        #expect(NetworkBlock("10.0.0.0/33") == nil)
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.168.1.1", "198.18.0.1", "198.19.255.255",
        "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        // IPv6: unspecified, loopback, compatible, unique local, link-local, site-local, multicast, discard.
        "::", "::1", "::127.0.0.1", "::8.8.8.8", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "100::1",
        "4000::1", "e000::1",
        // Mapped, translated, NAT64 (well known and local), 6to4, Teredo, ISATAP.
        "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
        "64:ff9b::a00:1", "64:ff9b:1::808:808", "2002:7f00:1::1", "2002:a00:1::", "2002:a9fe:a9fe::1",
        "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:470::5efe:7f00:1", "2001:470::200:5efe:10.0.0.1",
    ])
    func `what leads to ourselves, to our network or to many is not public`(text: String) throws {
        #expect(try !#require(NetworkAddress(text)).isPublic)
    }

    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "9.255.255.255", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "192.0.1.1",
        "198.17.0.1", "198.20.0.1", "223.255.255.255", "192.0.2.1", "198.51.100.1", "203.0.113.9",
        "2606:4700::1111", "2001:4860:4860::8888", "2001:db8::1", "3fff::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
        "2002:808:808::1", "2001:470::5efe:808:808",
    ])
    func `what strangers may have is public, and what is kept for documents leads nowhere`(text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic)
    }
}
