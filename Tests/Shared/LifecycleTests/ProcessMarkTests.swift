import Lifecycle
import Testing

struct ProcessMarkTests {
    @Test func `this process is there, and its mark survives being written`() throws {
        let own = try #require(ProcessMark.own)
        #expect(!own.isGone)
        #expect(ProcessMark(own.description) == own)
    }

    @Test func `one of another start, or of a number nobody has, is gone; one of another machine is not known to be`()
        throws
    {
        let parts = try #require(ProcessMark.own).description.split(separator: ".").map(String.init)
        let other = try #require(ProcessMark("\(parts[0]).\(parts[1]).1"))
        let nobody = try #require(ProcessMark("\(parts[0]).4194304.\(parts[2])"))
        let elsewhere = try #require(ProcessMark("another-machine.\(parts[1]).1"))
        #expect(other.isGone && nobody.isGone && !elsewhere.isGone)
    }

    @Test(arguments: ["", "a", "a.b.c", "a.1", "a.-1.2", "a.1.2.3", ".1.2", "a.1."])
    func `what is no mark is none`(_ text: String) { #expect(ProcessMark(text) == nil) }
}
