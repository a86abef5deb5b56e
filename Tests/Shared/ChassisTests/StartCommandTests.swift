import Chassis
import Testing

@Suite struct StartCommandTests {
    @Test func `a program serves unless it is told one of three things`() {
        #expect(StartCommand(["migrate"]) == .migrate)
        #expect(StartCommand(["migrate", "status"]) == .migrateStatus)
        #expect(StartCommand(["--healthcheck"]) == .healthcheck)
    }

    @Test(arguments: [[], ["migrate", "now"], ["status"], ["--help"], ["migrate", "status", "x"]])
    func `anything else is none of them`(words: [String]) {
        #expect(StartCommand(words) == nil)
    }
}
