import Praxis
import Testing

@Suite struct ArgumentsTests {
    @Test func `words keep their order and options their values`() throws {
        let arguments = try Arguments(["identity", "--into=/tmp/keys", "x"], options: ["into"], words: 2)
        #expect(arguments.words == ["identity", "x"])
        #expect(arguments.options == ["into": "/tmp/keys"])
        #expect(try Arguments(["--into", "a=b"], options: ["into"]).options == ["into": "a=b"])
    }

    @Test(arguments: [["--color"], ["--into"], ["one", "two"]])
    func `what a verb does not take is wrong usage`(line: [String]) {
        #expect { try Arguments(line, options: ["into"], words: 1) } throws: { ($0 as? Failure)?.kind == .usage }
    }

    @Test func `the longer name of a verb wins`() throws {
        let found = try #require(Verb.named(["keys", "issue", "gateway"]))
        #expect(found.verb.name == "keys issue")
        #expect(found.rest == ["gateway"])
        #expect(Verb.named(["keys"]) == nil)
        #expect(Verb.named(["migrate", "status"])?.rest == ["status"])
    }

    @Test(arguments: ["audit", "events", "mfa", "keys", "config"])
    func `the first half of a name tells the verbs that begin with it`(word: String) throws {
        #expect(Verb.named([word]) == nil)
        let calls = try #require(Verb.calls(beginningWith: word)).split(separator: "\n")
        #expect(!calls.isEmpty && calls.allSatisfy { $0.hasPrefix("praxis \(word) ") })
        #expect(Verb.calls(beginningWith: "audi") == nil)
    }

    @Test func `the help names every verb once`() {
        for verb in Verb.all { #expect(Verb.help.contains("praxis \(verb.name)")) }
        #expect(Set(Verb.all.map(\.name)).count == Verb.all.count)
    }
}
