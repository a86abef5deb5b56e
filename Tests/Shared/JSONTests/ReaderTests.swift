import JSON
import Testing

/// What the reader says to a text: the value, or the reason and the offset of its refusal.
private func read(_ text: String, limits: JSONLimits = .default) -> Result<JSONValue, JSONFault> {
    read(Array(text.utf8), limits: limits)
}

private func read(_ bytes: [UInt8], limits: JSONLimits = .default) -> Result<JSONValue, JSONFault> {
    Result { () throws(JSONFault) in try JSONReader.read(bytes, limits: limits) }
}

private func refused(_ reason: JSONFault.Reason, at offset: Int) -> Result<JSONValue, JSONFault> {
    .failure(JSONFault(reason, at: offset))
}

@Test func `a document becomes its values in order`() {
    let text = #" {"a" : [1, -2, 0.50, true, false, null], "b":{"c":"d"}, "":{} , "e":[ ]} "#
    #expect(
        read(text)
            == .success([
                "a": [1, -2, .number(JSONNumber("0.50").unsafelyKnown), true, false, nil],
                "b": ["c": "d"], "": .object([]), "e": [],
            ]))
}

@Test(arguments: [
    ("0", JSONValue.integer(0)), ("-0", .integer(0)), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number("9223372036854775808")),
    ("-9223372036854775809", .number("-9223372036854775809")), ("1.0", .number("1.0")), ("1E+2", .number("1E+2")),
    ("-0.0", .number("-0.0")), ("0e9", .number("0e9")), ("1e308", .number("1e308")), ("5e-324", .number("5e-324")),
    ("123456789012345678901234567890", .number("123456789012345678901234567890")),
])
func `integers of 64 bits are integers and all other numbers keep their digits`(text: String, value: JSONValue) {
    #expect(read(text) == .success(value))
}

@Test(arguments: [
    ("1e400", JSONFault.Reason.numberOutOfRange, 0), ("-1e400", .numberOutOfRange, 0),
    ("[1e-400]", .numberOutOfRange, 1), ("0e10000", .numberOutOfRange, 0),
    ("1e99999999999999999999", .numberOutOfRange, 0),
    (String(repeating: "9", count: 400), .numberOutOfRange, 0),
    ("0." + String(repeating: "1", count: 600), .numberTooLong, 0),
    ("01", .invalidNumber, 1), ("-", .unexpectedEnd, 1), ("-a", .invalidNumber, 1), ("1.", .unexpectedEnd, 2),
    ("1.e1", .invalidNumber, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3), ("+1", .unexpectedByte, 0),
    (".5", .unexpectedByte, 0), ("0x10", .trailingBytes, 1), ("NaN", .unexpectedByte, 0),
    ("Infinity", .unexpectedByte, 0),
])
func `numbers outside the grammar or a double's range are refused`(
    text: String, reason: JSONFault.Reason, offset: Int
) {
    #expect(read(text) == refused(reason, at: offset))
}

@Test(arguments: [
    (#""""#, ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"), (#""\u00e9\u20AC""#, "é€"),
    (#""\ud83d\ude00""#, "😀"), (#""é€😀""#, "é€😀"), (#""\uFFFF""#, "\u{FFFF}"), ("\"\u{7F}\"", "\u{7F}"),
    (#""a\u0000b""#, "a\u{0}b"),
])
func `strings are read with their escapes resolved`(text: String, value: String) {
    #expect(read(text) == .success(.string(value)))
}

@Test(arguments: [
    (Array("\"\u{0}\"".utf8), JSONFault.Reason.nulCharacter, 1),
    ([0x22, 0x1F, 0x22], .controlCharacter, 1), (Array("\"a\nb\"".utf8), .controlCharacter, 2),
    (Array(#""\ud83d""#.utf8), .loneSurrogate, 1), (Array(#""\ude00""#.utf8), .loneSurrogate, 1),
    (Array(#""\ud83d\u0041""#.utf8), .loneSurrogate, 1), (Array(#""\ud83dx""#.utf8), .loneSurrogate, 1),
    (Array(#""\x41""#.utf8), .invalidEscape, 1), (Array(#""\u12G4""#.utf8), .invalidEscape, 5),
    (Array(#""\u12"#.utf8), .unexpectedEnd, 5), (Array(#""\"#.utf8), .unexpectedEnd, 2),
    ([0x22, 0x61, 0xC0, 0xAF, 0x22], .invalidUTF8, 2), ([0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8, 1), ([0x22, 0x5C, 0x6E, 0xFF, 0x22], .invalidUTF8, 0),
    ([0x22, 0xC3, 0x22], .invalidUTF8, 1), ([0x22, 0x61], .unexpectedEnd, 2),
])
func `strings that are not clean Unicode text are refused`(
    bytes: [UInt8], reason: JSONFault.Reason, offset: Int
) {
    #expect(read(bytes) == refused(reason, at: offset))
}

@Test(arguments: [
    (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"\u0061":2}"#, 7), (#"[{"b":{},"c":0,"b":1}]"#, 15),
    ("{\"\u{E9}\":1,\"e\u{301}\":2}", 8),
])
func `equal keys are refused however they are written`(text: String, offset: Int) {
    #expect(read(text) == refused(.duplicateKey, at: offset))
}

@Test func `a late duplicate among many keys is found`() {
    let many = (0..<500).map { "\"k\($0)\":0" }.joined(separator: ",")
    #expect((try? read("{\(many)}").get())?.object?.count == 500)
    #expect(read("{\(many),\"k499\":0}") == refused(.duplicateKey, at: many.utf8.count + 2))
    #expect(read("{\(many),\"k3\":0}") == refused(.duplicateKey, at: many.utf8.count + 2))
}

@Test func `keys beyond ASCII are limited in sum and a late duplicate among them is found`() {
    func object(_ keys: Int, extra: String = "") -> String {
        let members = (0..<keys).map { "\"\(String(repeating: "\u{E9}", count: 50))\($0)\":0" }
        return "{" + members.joined(separator: ",") + extra + "}"
    }
    #expect((try? read(object(600)).get())?.object?.count == 600)
    let decomposed = String(repeating: "e\u{301}", count: 50)
    for keys in [3, 20, 600] {
        let offset = object(keys).utf8.count
        #expect(read(object(keys, extra: ",\"\(decomposed)1\":0")) == refused(.duplicateKey, at: offset))
    }
    guard case .failure(let fault) = read(object(700)) else {
        Issue.record("70 KB of keys were accepted")
        return
    }
    #expect(fault.reason == .keysTooLong)
}

@Test(arguments: [
    ([0xEF, 0xBB, 0xBF, 0x31], JSONFault.Reason.byteOrderMark, 0), ([0xFF, 0xFE, 0x31, 0x00], .byteOrderMark, 0),
    ([0xFE, 0xFF, 0x00, 0x31], .byteOrderMark, 0), ([0x31, 0x00], .trailingBytes, 1),
    ([0x00, 0x31], .unexpectedByte, 0),
    ([], .unexpectedEnd, 0), ([0x20], .unexpectedEnd, 1), (Array("1 2".utf8), .trailingBytes, 2),
    (Array("[1,]".utf8), .unexpectedByte, 3), (Array(#"{"a":1,}"#.utf8), .unexpectedByte, 7),
    (Array("[1 2]".utf8), .unexpectedByte, 3), (Array("{1:2}".utf8), .unexpectedByte, 1),
    (Array(#"{"a"}"#.utf8), .unexpectedByte, 4), (Array("tru".utf8), .unexpectedEnd, 3),
    (Array("True".utf8), .unexpectedByte, 0), (Array("// 1".utf8), .unexpectedByte, 0),
    ([0x5B, 0x0C, 0x5D], .unexpectedByte, 1), (Array("\u{A0}1".utf8), .unexpectedByte, 0),
])
func `documents that are not exactly one value in UTF-8 are refused`(
    bytes: [UInt8], reason: JSONFault.Reason, offset: Int
) {
    #expect(read(bytes) == refused(reason, at: offset))
}

@Test func `thirty-two levels are read and the thirty-third is refused`() {
    func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect((try? read(nested(32)).get()) != nil)
    #expect(read(nested(33)) == refused(.tooDeep, at: 32))
    #expect(read(String(repeating: "{\"a\":", count: 100_000)) == refused(.tooDeep, at: 160))
}

@Test func `arrays, objects, strings, documents and trees have their limits`() {
    func array(_ count: Int) -> String { "[" + Array(repeating: "0", count: count).joined(separator: ",") + "]" }
    func object(_ count: Int) -> String { "{" + (0..<count).map { "\"\($0)\":0" }.joined(separator: ",") + "}" }
    func string(_ count: Int) -> String { "\"" + String(repeating: "a", count: count) + "\"" }
    func reason(_ text: String) -> JSONFault.Reason? {
        if case .failure(let fault) = read(text) { fault.reason } else { nil }
    }
    #expect(reason(array(10_000)) == nil)
    #expect(reason(array(10_001)) == .tooManyNodes)
    #expect(reason(array(100_000)) == .tooManyNodes)
    #expect(reason(object(10_000)) == nil)
    #expect(reason(object(10_001)) == .tooManyNodes)
    #expect(reason("[" + Array(repeating: array(9_999), count: 11).joined(separator: ",") + "]") == .tooManyNodes)
    #expect(reason(string(65_536)) == nil)
    #expect(reason(string(65_537)) == .stringTooLong)
    #expect(reason(string(1_000_000)) == .stringTooLong)
    #expect(reason("\"\\n" + String(repeating: "a", count: 65_536) + "\"") == .stringTooLong)
    #expect(reason("\"" + String(repeating: #"\u20ac"#, count: 21_846) + "\"") == .stringTooLong)
    #expect(reason("\"" + String(repeating: #"\u20ac"#, count: 21_845) + "\"") == nil)
    #expect(reason(String(repeating: " ", count: 1_048_575) + "1") == nil)
    #expect(read(String(repeating: " ", count: 1_048_576) + "1") == refused(.documentTooLong, at: 1_048_576))
}

@Test func `every part of a document cut short is refused as ended too early`() {
    let text = Array(#"{"a":[1.5e+3,"b\u00e9\ud83d\ude00",true,null],"c":{"d":-2}}"#.utf8)
    for length in text.indices {
        guard case .failure(let fault) = read(Array(text[..<length])) else {
            Issue.record("\(length) bytes were accepted")
            continue
        }
        #expect(fault.offset <= length)
        #expect([.unexpectedEnd, .loneSurrogate].contains(fault.reason), "at \(length)")
    }
}

@Test func `a number made from text must be one literal`() {
    #expect(JSONNumber("1.50")?.text == "1.50")
    #expect(JSONNumber("12")?.text == "12")
    for text in ["", " 1", "1 ", "1e400", "\"1\"", "01", "1,2"] { #expect(JSONNumber(text) == nil) }
}

extension JSONValue {
    /// For tables of tests: a number in these digits.
    static func number(_ text: String) -> JSONValue { .number(JSONNumber(text).unsafelyKnown) }
}

extension JSONNumber? {
    var unsafelyKnown: JSONNumber {
        guard let self else { preconditionFailure("the test's own literal is wrong") }
        return self
    }
}
