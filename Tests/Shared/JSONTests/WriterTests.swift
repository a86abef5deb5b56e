import JSON
import Testing

private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(reserving: 16)
    body(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
}

@Test func `a key that was prepared is written as any other, first and behind others`() {
    let (name, odd) = (JSONKey("name"), JSONKey("a \"quoted\" key"))
    let text = written {
        $0.array {
            $0.object { json in
                json.key(name)
                json.string("Ada")
                json.key(odd)
                json.null()
            }
            $0.object { json in
                json.field("first", 1)
                json.key(name)
                json.object { json in
                    json.key(name)
                    json.plain(Array("2026-11-29".utf8).span)
                    json.key(odd)
                    json.bool(true)
                }
            }
            $0.plain([UInt8]().span)
        }
    }
    #expect(
        text == #"[{"name":"Ada","a \"quoted\" key":null},"#
            + #"{"first":1,"name":{"name":"2026-11-29","a \"quoted\" key":true}},""]"#)
}

@Test func `texts that are JSON already stand as any others, also two as one`() {
    var made = JSONStrings()
    made.append(0, "Zoë \"Z\"")
    made.append(1, "O\\Neill\n")
    made.append(2, nil)
    var found = JSONStrings(in: Array(#"{"a":"x","b":"y"}"#.utf8))
    found.set(0, at: 5..<8)
    found.set(1, at: 13..<16)
    found.set(2, at: nil)
    for (strings, texts) in [(made, [#"Zoë \"Z\""#, #"O\\Neill\n"#]), (found, ["x", "y"])] {
        let text = written { json in
            json.array { json in
                json.string(1, of: strings)
                json.string(2, of: strings)
                json.string(0, 1, of: strings)
                json.string(0, 2, of: strings)
                json.string(0, of: strings)
            }
        }
        #expect(text == "[\"\(texts[1])\",null,\"\(texts[0]) \(texts[1])\",null,\"\(texts[0])\"]")
    }
}

@Test func `a document is written with its commas in place`() {
    let text = written {
        $0.object {
            $0.field("name", "Ada")
            $0.field("age", 36)
            $0.field("active", true)
            $0.field("none", String?.none)
            $0.field("no_age", Int?.none)
            $0.field("no_truth", Bool?.none)
            $0.field("tags", ["a", "b"])
            $0.array("empty") { _ in }
            $0.object("inner") { _ in }
            $0.array("list") {
                $0.integer(1)
                $0.array { $0.null() }
                $0.object { $0.field("x", 1.5) }
                $0.object { $0.null("y") }
                $0.string("z")
            }
            $0.member("value") { $0.value(["k": [nil, false]]) }
            $0.key("raw")
            $0.raw(Array("[1]".utf8))
            $0.array("raws") {
                $0.raw(each: [])
                $0.raw(each: [Array("{}".utf8), Array("2".utf8)])
                $0.integer(3)
            }
            $0.key(String("dynamic\n"))
            $0.bool(false)
            $0.field("json", JSONValue.integer(7))
        }
    }
    #expect(
        text == #"{"name":"Ada","age":36,"active":true,"none":null,"no_age":null,"no_truth":null,"tags":["a","b"],"#
            + #""empty":[],"inner":{},"list":[1,[null],{"x":1.5},{"y":null},"z"],"value":{"k":[null,false]},"raw":[1],"#
            + #""raws":[{},2,3],"dynamic\n":false,"json":7}"#)
}

@Test func `every ASCII character is written as the standard wants it`() {
    let short: [UInt8: String] = [
        0x08: #"\b"#, 0x09: #"\t"#, 0x0A: #"\n"#, 0x0C: #"\f"#, 0x0D: #"\r"#, 0x22: #"\""#, 0x5C: #"\\"#,
    ]
    for byte in UInt8(0)..<0x80 {
        let digits = String(byte, radix: 16)
        let long = #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
        let plain = String(Unicode.Scalar(byte))
        let expected = short[byte] ?? (byte < 0x20 ? long : plain)
        #expect(written { $0.string(plain) } == "\"\(expected)\"")
    }
}

@Test func `an escape is found at every place of a long text`() {
    for length in 0..<40 {
        for index in 0..<max(length, 1) where length > 0 {
            for (special, escaped) in [("\"", #"\""#), ("\\", #"\\"#), ("\u{1F}", #"\u001f"#)] {
                let before = String(repeating: "a", count: index)
                let after = String(repeating: "é", count: length - index)
                #expect(written { $0.string(before + special + after) } == "\"\(before)\(escaped)\(after)\"")
            }
        }
    }
}

@Test func `text beyond ASCII is written as it is`() {
    #expect(written { $0.string("é€😀\u{2028}\u{7F}") } == "\"é€😀\u{2028}\u{7F}\"")
}

@Test func `numbers are written in full`() {
    #expect(written { $0.integer(Int64.min) } == "-9223372036854775808")
    #expect(written { $0.integer(UInt64.max) } == "18446744073709551615")
    #expect(written { $0.integer(0) } == "0")
    #expect(written { $0.integer(Int8(-128)) } == "-128")
    #expect(written { $0.number(1e300) } == "1e+300")
    #expect(written { $0.number(Double.infinity) } == "null")
    #expect(written { $0.number(JSONNumber("1.50").unsafelyKnown) } == "1.50")
}

@Test func `what is written is read back the same`() throws {
    let value: JSONValue = [
        "text": "a\"b\\c\n\u{1}é😀", "list": [1, -2, nil, true, [], .object([])], "n": .number("12.3400"),
        "deep": ["er": ["still": "here"]], "": "",
    ]
    #expect(try JSONReader.read(value.bytes) == value)
}

@Test func `members are found by name`() throws {
    let value = try JSONReader.read(Array(#"{"s":"t","i":3,"b":true,"d":1.5,"a":[1],"o":{"x":null}}"#.utf8))
    #expect(value["s"]?.string == "t")
    #expect(value["i"]?.integer == 3)
    #expect(value["i"]?.double == 3)
    #expect(value["b"]?.bool == true)
    #expect(value["d"]?.double == 1.5)
    #expect(value["a"]?.array == [1])
    #expect(value["o"]?["x"]?.isNull == true)
    #expect(value["o"]?["y"] == nil)
    #expect(value["s"]?["t"] == nil)
}
