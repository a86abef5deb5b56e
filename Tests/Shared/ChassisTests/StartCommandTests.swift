import Chassis
import Testing

@Suite struct StartCommandTests {
    @Test func `a program serves unless it is told one of a few things`() {
        #expect(StartCommand(["migrate"]) == .migrate)
        #expect(StartCommand(["migrate", "status"]) == .migrateStatus)
        #expect(StartCommand(["--healthcheck"]) == .healthcheck)
        #expect(StartCommand(["audit", "verify"]) == .auditVerify(asJSON: false))
        #expect(StartCommand(["audit", "verify", "--json"]) == .auditVerify(asJSON: true))
        #expect(StartCommand(["audit", "key"]) == .auditKey)
        #expect(StartCommand(["keys", "rotate", "--master"]) == .keysRotate)
        #expect(StartCommand(["config", "check"]) == .configCheck)
        #expect(StartCommand(["config", "show"]) == .configShow)
    }

    @Test(arguments: [
        [], ["migrate", "now"], ["status"], ["--help"], ["migrate", "status", "x"], ["audit"], ["audit", "repair"],
        ["keys", "rotate"],
        ["config"], ["config", "edit"],
    ])
    func `anything else is none of them`(words: [String]) {
        #expect(StartCommand(words) == nil)
    }
}
