import NotifierDomain
import Testing

@Suite struct StreamBeginningTests {
    @Test(arguments: [
        (nil, LastEventID.none), ("", .none), ("0", .number(0)), ("42", .number(42)), ("007", .number(7)),
        ("9223372036854775807", .number(.max)), ("9223372036854775808", .unreadable), ("-1", .unreadable),
        ("+1", .unreadable), ("1.0", .unreadable), ("abc", .unreadable), (" 1", .unreadable), ("٣", .unreadable),
        ("00000000000000000001", .unreadable),
    ])
    func `a last id is a number of 1 to 19 digits, nothing, or not ours`(text: String?, expected: LastEventID) {
        #expect(LastEventID(text) == expected)
    }

    @Test func `who saw nothing is told where it stands`() {
        #expect(StreamBeginning(after: .none, cursor: 7, isNextKept: false) == .ready(7))
        #expect(StreamBeginning(after: .none, cursor: 0, isNextKept: false) == .ready(0))
    }

    @Test func `who saw something goes on behind it, if nothing is missing`() {
        #expect(StreamBeginning(after: .number(7), cursor: 7, isNextKept: false) == .resume(7))
        #expect(StreamBeginning(after: .number(3), cursor: 7, isNextKept: true) == .resume(3))
        #expect(StreamBeginning(after: .number(0), cursor: 0, isNextKept: false) == .resume(0))
    }

    @Test func `where something may be missing the client reads anew`() {
        #expect(StreamBeginning(after: .number(3), cursor: 7, isNextKept: false) == .reset(7, .tooOld))
        #expect(StreamBeginning(after: .number(8), cursor: 7, isNextKept: false) == .reset(7, .unknown))
        #expect(StreamBeginning(after: .number(.max), cursor: 7, isNextKept: false) == .reset(7, .unknown))
        #expect(StreamBeginning(after: .unreadable, cursor: 7, isNextKept: true) == .reset(7, .unknown))
        #expect(LastEventID.number(.max).next == nil && LastEventID.number(4).next == 5)
    }
}
