import JSON
import Testing

@Suite struct OrderedMembersTests {
    private func read(_ text: String) -> (a: String?, b: String?, c: [String]?, isWhole: Bool) {
        var members = JSONOrderedMembers(Array(text.utf8))
        let (a, b, c) = (members.text("a"), members.text("bb"), members.texts("c"))
        return (a, b, c, members.isWhole)
    }

    @Test func `members are read in their order, and those that are not there are nil`() {
        let whole = read(#"{"a":"one \"\u00e9\\ two","bb":"zwölf und mehr","c":["x",""]}"#)
        #expect(whole.a == "one \"é\\ two" && whole.b == "zwölf und mehr" && whole.c == ["x", ""] && whole.isWhole)
        let some = read(#"{"bb":""}"#)
        #expect(some.a == nil && some.b == "" && some.c == nil && some.isWhole)
        let list = read(#"{"a":"1","c":[]}"#)
        #expect(list.a == "1" && list.c == [] && list.isWhole)
    }

    @Test func `a key that differs in any one byte is another`() {
        for key in ["emergency_contact", "emergency_contact_name", "blood_group", "12345678", "city"] as [StaticString]
        {
            let name = Array(key.description.utf8)
            for index in name.indices {
                var other = name
                other[index] ^= 1
                var members = JSONOrderedMembers(Array("{\"".utf8) + other + Array("\":\"x\"}".utf8))
                #expect(members.text(key) == nil && !members.isWhole)
            }
            var members = JSONOrderedMembers(Array("{\"".utf8) + name + Array("\":\"x\"}".utf8))
            #expect(members.text(key) == "x" && members.isWhole)
        }
    }

    @Test func `a text is found where it stands`() {
        let bytes = Array(#"{"a":"one \"\u00e9\\","bb":"","c":["x"],"d":"zwölf und mehr"}"#.utf8)
        var members = JSONOrderedMembers(bytes)
        let (a, none, b) = (members.place("a"), members.place("d"), members.place("bb"))
        #expect(members.place("c") == nil && members.texts("c") == ["x"] && none == nil)
        let d = members.place("d")
        #expect(members.isWhole)
        let texts = [a, b, d].map { $0.map { String(decoding: bytes[$0], as: UTF8.self) } }
        #expect(texts == [#""one \"\u00e9\\""#, #""""#, #""zwölf und mehr""#])
    }

    @Test(arguments: ["{\"a\":\"", "{\"a\":\"x", "{\"a\":\"x\\", "{\"a\":\"x\\\"", "{\"a\":1}", "{\"a\":"])
    func `a text without an end is not found`(text: String) {
        var members = JSONOrderedMembers(Array(text.utf8))
        #expect(members.place("a") == nil && !members.isWhole)
    }

    @Test(arguments: [
        "", "{", "{}", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\":\"x\"", "{\"a\":\"x\",", "{\"a\":\"x\"}}",
        "{\"a\":\"x\"} ",
        "{\"a\": \"x\"}", "{\"a\":1}", "{\"a\":null}", "{\"bb\":\"x\",\"a\":\"y\"}", "{\"a\":\"x\",\"d\":\"y\"}",
        "{\"a\":\"x\",\"a\":\"y\"}", "[\"a\"]", "{\"a\":\"\u{1}\"}", "{\"c\":[\"x\"", "{\"c\":[[]]]}",
    ])
    func `what stands otherwise is not read as whole`(text: String) {
        #expect(!read(text).isWhole)
    }
}
