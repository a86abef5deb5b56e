import Net
import Testing

@Suite struct SocketAddressTests {
    @Test(arguments: ["127.0.0.1:8080", "[::1]:443", "[2001:db8::5]:1", "unix:/run/praxis/x.sock", "0.0.0.0:0"])
    func `an address is written as it was read`(_ text: String) {
        #expect(SocketAddress(text)?.description == text)
    }

    @Test(arguments: [
        "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[::1]", "host:80", "unix:", "[1.2.3.4]:5",
    ])
    func `what is no address is refused`(_ text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test func `addresses of one IPv6 network are neighbours, and a mapped address is the IPv4 one`() {
        #expect(SocketAddress("[2001:db8::1]:1")?.network == SocketAddress("[2001:db8::ffff]:2")?.network)
        #expect(SocketAddress("[2001:db8::1]:1")?.network != SocketAddress("[2001:db8:0:1::1]:1")?.network)
        #expect(SocketAddress("[::ffff:10.0.0.1]:1")?.network == SocketAddress("10.0.0.1:9")?.network)
        #expect(SocketAddress("unix:/x")?.network == nil)
    }
}
