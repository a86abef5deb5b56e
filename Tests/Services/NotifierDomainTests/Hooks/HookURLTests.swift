import IDNA
import Kernel
import NotifierDomain
import Testing

struct HookURLTests {
    func fault(_ text: String, allowsPrivate: Bool = false) -> HookURLFault? {
        do throws(HookURLFault) {
            _ = try HookURL(text, allowsPrivate: allowsPrivate, ascii: DomainName.ascii)
            return nil
        } catch { return error }
    }

    func url(_ text: String, allowsPrivate: Bool = false) throws -> HookURL {
        try HookURL(text, allowsPrivate: allowsPrivate, ascii: DomainName.ascii)
    }

    /// Table E3 of the threat model: one address in every disguise.
    @Test(arguments: [
        // Plain.
        "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "0.0.0.0", "0", "10.0.0.1", "10.1", "172.16.0.1",
        "172.31.9.9",
        "192.168.0.1", "192.168.1", "169.254.169.254", "100.64.0.1", "100.127.1.1", "224.0.0.1", "239.1.1.1",
        "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.0.1",
        // Decimal, octal, hexadecimal, mixed, with zeros in front.
        "2130706433", "3232235521", "2852039166", "017700000001", "0177.0.0.1", "0177.0.0.01", "00177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001", "0X7F000001", "0x7f.1", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE", "0251.0376.0251.0376", "127.0x1",
        "0x0000000000007f000001", "10.0.258", "0xc0a80101", "0x", "012.1.2.3",
        // A dot at the end.
        "127.0.0.1.", "2130706433.", "localhost.", "metadata.internal.",
        // Letters and dots that are mapped (UTS #46).
        "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "１６９.２５４.１６９.２５４", "ⓛocalhost", "ｌｏｃａｌｈｏｓｔ",
        "LOCALHOST", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
        // IPv6.
        "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]",
        "[ff02::1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:0001]",
        "[0:0:0:0:0:ffff:7f00:1]", "[::ffff:a9fe:a9fe]", "[::ffff:0:7f00:1]", "[64:ff9b::7f00:1]",
        "[64:ff9b::169.254.169.254]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001::1]",
        "[2001:470::5efe:10.0.0.1]", "[100::1]",
        // Names that every system takes for itself or its network.
        "localhost", "app.localhost", "printer.local", "db.internal", "metadata.google.internal", "a.localdomain",
    ])
    func `an address of ours is refused in every disguise`(host: String) {
        #expect(fault("https://\(host)/events") == .privateAddress)
        #expect(fault("https://\(host):8443/events?a=1") == .privateAddress)
        #expect(fault("http://\(host)/events", allowsPrivate: true) == nil)
    }

    @Test(arguments: [
        ("https://user@example.org/", HookURLFault.userInfo), ("https://user:pass@example.org/", .userInfo),
        ("https://127.0.0.1@example.org/", .userInfo), ("https://example.org@127.0.0.1/", .userInfo),
        ("https://example.org/#x", .fragment), ("https://example.org#@127.0.0.1/", .fragment),
        ("http://example.org/", .scheme), ("ftp://example.org/", .scheme), ("file:///etc/passwd", .scheme),
        ("gopher://example.org/", .scheme), ("javascript:alert(1)", .scheme), ("HTTPSS://example.org/", .scheme),
        ("https://example.org:80/", .port), ("https://example.org:22/", .port), ("https://example.org:1023/", .port),
        ("https://example.org:0/", .malformed), ("https://example.org:65536/", .malformed),
        ("https://example.org:+443/", .malformed), ("https://example.org:/", .malformed),
        ("https://example.org:443:443/", .malformed),
        ("https:example.org/", .malformed), ("https:/example.org/", .malformed), ("https:\\\\example.org/", .malformed),
        ("https://example.org\\@127.0.0.1/", .malformed), ("https://exa mple.org/", .malformed),
        ("https://example.org/\u{0}", .malformed), ("https://example.org/\r\nHost: x", .malformed),
        ("https://\u{200B}127.0.0.1/", .malformed), ("https://example.org/\u{202E}", .malformed),
        ("example.org", .malformed), ("", .malformed), ("//example.org/", .malformed),
        ("https://", .host), ("https:///events", .host), ("https://./", .host), ("https://a..b/", .host),
        ("https://-a.example/", .host), ("https://%31%32%37.0.0.1/", .host), ("https://[fe80::1%25eth0]/", .host),
        ("https://[::1/", .host), ("https://[127.0.0.1]/", .host), ("https://256.256.256.256/", .host),
        ("https://1.2.3.4.5/", .host), ("https://4294967296/", .host), ("https://08.0.0.1/", .host),
        ("https://0x100.0.0.1/", .host), ("https://127.0.0.1.example.1/", .host),
        ("https://xn--zzzzzzzzzzz--.example/", .host),
    ])
    func `what is no address of a receiver is refused with its reason`(text: String, expected: HookURLFault) {
        #expect(fault(text) == expected)
    }

    @Test(arguments: [
        ("https://example.org", "https://example.org"),
        ("https://Example.ORG/Events?A=b", "https://example.org/Events?A=b"),
        ("https://example.org:443/", "https://example.org:443/"),
        ("https://example.org:8443", "https://example.org:8443"),
        ("https://bücher.example/ü?q=é", "https://xn--bcher-kva.example/%C3%BC?q=%C3%A9"),
        ("https://fcbasel.example/", "https://fcbasel.example/"), ("https://fe80.example/", "https://fe80.example/"),
        ("https://203.0.113.9/x", "https://203.0.113.9/x"), ("https://0xcb007109/x", "https://203.0.113.9/x"),
        ("https://[2606:4700::1111]/", "https://[2606:4700:0:0:0:0:0:1111]/"),
        ("https://8.8.8.8.:8443/", "https://8.8.8.8:8443/"),
        ("https://127.0.0.1.example.org/", "https://127.0.0.1.example.org/"),
        ("https://a_b.example/", "https://a_b.example/"),
        ("https://localhost.example.org/", "https://localhost.example.org/"),
        ("https://example.org?x", "https://example.org?x"),
    ])
    func `an address is kept in its normal form, host and all`(given: String, kept: String) throws {
        #expect(try url(given).text == kept)
        // What was kept reads as itself.
        #expect(try url(kept) == url(given))
    }

    @Test func `its length is counted as it is kept`() {
        let host = "https://example.org/"
        #expect(fault(host + String(repeating: "a", count: 2048 - host.utf8.count)) == nil)
        #expect(fault(host + String(repeating: "a", count: 2049 - host.utf8.count)) == .tooLong)
        #expect(fault(host + String(repeating: "ü", count: 600)) == .tooLong)
    }

    @Test func `development lifts scheme, address and port alone`() throws {
        let near = try url("http://127.0.0.1:80/x", allowsPrivate: true)
        #expect(near.port == 80 && !near.isSecure && near.address == NetworkAddress("127.0.0.1"))
        #expect(try url("http://localhost/", allowsPrivate: true).port == 80)
        #expect(try url("https://localhost:1/", allowsPrivate: true).port == 1)
        #expect(fault("http://user@localhost/", allowsPrivate: true) == .userInfo)
        #expect(fault("http://localhost/#x", allowsPrivate: true) == .fragment)
        #expect(fault("ftp://localhost/", allowsPrivate: true) == .scheme)
        #expect(fault("http://999.0.0.1/", allowsPrivate: true) == .host)
    }
}
