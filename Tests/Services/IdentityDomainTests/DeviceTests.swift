import IdentityDomain
import Kernel
import Testing

private let now = Instant(seconds: 1_760_000_000)
private let day = Duration.seconds(86_400)

struct DeviceTests {
    @Test(arguments: [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                + "Safari/537.36", "Chrome on Windows"
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                + "Safari/537.36 Edg/126.0.0.0", "Edge on Windows"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                + "Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                + "Mobile Safari/537.36", "Chrome on Android"
        ),
        ("curl/8.5.0", "curl"), ("python-httpx/0.27", "python-httpx"), ("MyApp", "MyApp"), ("", "unnamed"),
        ("/8.5.0", "unnamed"), ("\u{1F511}\u{1F511} x", "\u{1F511}\u{1F511}"),
    ])
    func `what a device runs is told without its version`(userAgent: String, family: String) {
        #expect(Device(userAgent: userAgent, address: "192.0.2.7").family == family)
    }

    @Test func `a name that is endless is cut`() {
        let device = Device(userAgent: String(repeating: "x", count: 10_000), address: "192.0.2.7")
        #expect(device.family.count == 40)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0"), ("192.0.77.9", "192.0"), ("2001:db8:0:0:0:0:0:1", "2001:db8"),
        ("2001:db8:ffff:1:2:3:4:5", "2001:db8"), ("", ""), ("strange", "strange"),
    ])
    func `where it is is known roughly`(address: String, network: String) {
        #expect(Device(userAgent: "curl/8", address: address).network == network)
    }

    @Test func `a new version at another address of the provider is the same device, another system is not`() {
        let known = Device(userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", address: "192.0.2.7")
        #expect(known == Device(userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0", address: "192.0.200.1"))
        #expect(known != Device(userAgent: "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0", address: "192.0.2.7"))
        #expect(known != Device(userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", address: "198.51.100.1"))
    }

    @Test func `the first login of all is never strange`() {
        #expect(!Device.isStrange(lastSeen: nil, lastLogin: nil, at: now))
    }

    @Test func `a device is strange when it was never seen, or not for ninety days`() {
        let before = now - day
        #expect(Device.isStrange(lastSeen: nil, lastLogin: before, at: now))
        #expect(!Device.isStrange(lastSeen: before, lastLogin: before, at: now))
        #expect(!Device.isStrange(lastSeen: now - day * 90, lastLogin: before, at: now))
        #expect(Device.isStrange(lastSeen: now - day * 90 - .seconds(1), lastLogin: before, at: now))
    }
}
