import Kernel
import Settings
import Testing

@Suite struct SettingsReaderTests {
    @Test func `all faults are reported together, with the values seen and none of a secret`() {
        var reader = SettingsReader(
            Environment(process: ["PORT": "70000", "MODE": "wild\n#", "JWT_SECRET": "short", "AGE": "5 weeks"]))
        let faults = #expect(throws: SettingsFaults.self) {
            try reader.read(
                Setting<Int>.port("PORT", help: ""), Setting<String>.text("NAME", help: ""),
                Setting<Bool>.flag("MODE", help: ""),
                Setting<Secret>.secret("SECRET_KEY", aliases: ["JWT_SECRET"], minimumBytes: 32, help: ""),
                Setting<Duration>.duration("AGE", unit: .day, default: .seconds(86_400), help: ""))
        }
        #expect(faults?.faults.map(\.name) == ["PORT", "NAME", "MODE", "JWT_SECRET", "AGE"])
        #expect(
            faults?.faults.map(\.message) == [
                #"must be a whole number from 0 to 65535, and is "70000""#, "is required",
                #"must be true or false, and is "wild #""#, "must have at least 32 bytes",
                #"must be a time such as 90s, 15m, 1h or 7d (a bare number counts days), and is "5 weeks""#,
            ])
    }

    @Test func `a login in a URL is shown neither in a fault nor among the effective settings`() throws {
        var reader = SettingsReader(
            Environment(process: ["A": "ftp://me:hunter2@host/", "B": "https://me:hunter2@host/"]))
        #expect(Setting<String>.url("A", help: "").read(from: &reader) == nil)
        #expect(Setting<String>.url("B", help: "").read(from: &reader) == "https://me:hunter2@host/")
        #expect(reader.effective.map(\.value) == ["ftp://•••@host/", "https://•••@host/"])
        let faults = #expect(throws: SettingsFaults.self) { try reader.finish() }
        #expect(faults?.description.contains("hunter2") == false)
    }

    @Test func `settings read one by one are judged at the end, together`() {
        var reader = SettingsReader(Environment(process: ["A": "x", "C": "3"]))
        #expect(Setting<Int>.port("A", help: "").read(from: &reader) == nil)
        #expect(Setting<Int>.port("B", help: "").read(from: &reader) == nil)
        #expect(Setting<Int>.port("C", help: "").read(from: &reader) == 3)
        let faults = #expect(throws: SettingsFaults.self) { try reader.finish() }
        #expect(faults?.faults.map(\.name) == ["A", "B"])
        #expect(throws: Never.self) { try reader.finish() }
    }

    @Test func `of two names the stated order decides, and one line says so`() throws {
        var reader = SettingsReader(Environment(process: ["BCRYPT_ROUNDS": "13", "BCRYPT_SALT_ROUNDS": "12"]))
        let rounds = try reader.read(
            Setting<Int>.integer(
                "BCRYPT_SALT_ROUNDS", aliases: ["BCRYPT_ROUNDS"], in: 10...16, default: 12, help: "Cost."))
        #expect(rounds == 12)
        #expect(reader.notes == ["BCRYPT_SALT_ROUNDS is used; BCRYPT_ROUNDS also set, and ignored"])
    }

    @Test func `an empty value is an absent one`() throws {
        var reader = SettingsReader(Environment(process: ["A": "", "B": "7"]))
        let setting = Setting<Int>.integer("A", aliases: ["B"], in: 0...9, default: 1, help: "")
        #expect(try reader.read(setting) == 7)
        #expect(reader.notes.isEmpty)
    }

    @Test func `the effective configuration masks secrets and names origins`() throws {
        var reader = SettingsReader(Environment(process: ["KEY": "hunter2"], dotEnv: ["HOST": "h"]))
        _ = try reader.read(
            Setting<Secret>.secret("KEY", help: ""), Setting<String>.text("HOST", help: ""),
            Setting<Bool>.flag("DEBUG", default: false, help: ""))
        #expect(
            reader.effective.map(\.description) == ["KEY=••• (environment)", "HOST=h (.env)", "DEBUG=false (default)"])
    }

    @Test func `documents come from the declarations`() {
        let declarations = [
            Setting<Int>.port("PORT", aliases: ["GATEWAY_PORT"], default: 8000, help: "Public port.").declaration,
            Setting<Secret>.secret("SECRET_KEY", aliases: ["JWT_SECRET"], help: "A | key.").declaration,
            Setting<Int>.port("PORT", default: 1, help: "Again.").declaration,
        ]
        #expect(
            SettingsPage.markdown(declarations) == #"""
                | Setting | Also read as | Default | What it does |
                | --- | --- | --- | --- |
                | `PORT` | `GATEWAY_PORT` | `8000` | Public port. |
                | `SECRET_KEY` | `JWT_SECRET` | **required** | A \| key. |

                """#)
        #expect(
            SettingsPage.dotEnvExample(declarations) == """
                # Public port. (also GATEWAY_PORT)
                # PORT=8000

                # A | key. (also JWT_SECRET)
                SECRET_KEY=

                """)
    }
}
