import Kernel
import Settings
import Testing

@Suite struct SettingKindsTests {
    private func read<Value>(_ setting: Setting<Value>, _ text: String) -> Value? {
        var reader = SettingsReader(Environment(process: [setting.declaration.name: text]))
        return try? reader.read(setting)
    }

    @Test(arguments: ["True", "true", "1", "yes", "ON", "t", " y "])
    func `yes is written in many ways`(text: String) {
        #expect(read(Setting<Bool>.flag("F", help: ""), text) == true)
    }

    @Test(arguments: ["False", "0", "no", "Off", "n"])
    func `no is written in many ways`(text: String) {
        #expect(read(Setting<Bool>.flag("F", help: ""), text) == false)
        #expect(read(Setting<Bool>.flag("F", help: ""), "maybe") == nil)
    }

    @Test(arguments: [("15", 900), ("90s", 90), ("15m", 900), ("1h", 3600), ("7d", 604_800)])
    func `a time is a number in its unit, or names its own`(text: String, seconds: Int) {
        let setting = Setting<Duration>.duration("ACCESS_TOKEN_LIFETIME_MIN", unit: .minute, default: .zero, help: "")
        #expect(read(setting, text) == .seconds(seconds))
    }

    @Test(arguments: ["-1", "1.5", "m", "1w", "99999999999999999999", "١"])
    func `what is no time is refused`(text: String) {
        #expect(read(Setting<Duration>.duration("T", unit: .minute, default: .zero, help: ""), text) == nil)
    }

    @Test(arguments: [("5/1h", 5, 3600), ("10/15m", 10, 900), ("7", 7, 60), ("100/hour", 100, 3600), ("3/90s", 3, 90)])
    func `a rate is a number in a window`(text: String, limit: Int, seconds: Int) {
        let setting = Setting<Rate>.rate("R", default: Rate(limit: 1, window: .seconds(60)), help: "")
        #expect(read(setting, text) == Rate(limit: limit, window: .seconds(seconds)))
    }

    @Test(arguments: ["0/1h", "x", "5/", "5/0s", "5/1w", "/1h", "5/1h/2"])
    func `what is no rate is refused`(text: String) {
        #expect(read(Setting<Rate>.rate("R", default: Rate(limit: 1, window: .seconds(60)), help: ""), text) == nil)
    }

    @Test(arguments: [("10", 10_485_760), ("512k", 524_288), ("10MB", 10_485_760), ("1GiB", 1_073_741_824), ("7b", 7)])
    func `a size is a number in its unit, or names its own`(text: String, size: Int) {
        #expect(read(Setting<Int>.bytes("MAX_UPLOAD_SIZE_MB", unit: .mebibyte, default: 0, help: ""), text) == size)
        #expect(read(Setting<Int>.bytes("S", default: 0, help: ""), "9223372036854775807g") == nil)
    }

    @Test func `a list is parted by commas or by blanks`() {
        #expect(read(Setting<[String]>.list("L", help: ""), " a b , c,,") == ["a b", "c"])
        #expect(read(Setting<[String]>.list("L", help: ""), "a  b\tc") == ["a", "b", "c"])
    }

    @Test(arguments: ["ftp://x", "localhost:3000", "http//x", "http://a b", "http://[::1", "http://h:99999"])
    func `what is no URL is refused`(text: String) {
        #expect(read(Setting<String>.url("U", help: ""), text) == nil)
        #expect(read(Setting<String>.url("U", help: ""), "http://localhost:3001") == "http://localhost:3001")
    }
}
