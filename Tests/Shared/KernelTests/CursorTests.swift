import Kernel
import Testing

@Suite struct CursorTests {
    private let id = ID<Account>(high: 1, low: 2)

    @Test func `a cursor reads back as it was written, with any key`() throws {
        for key in ["", "7", "O'Neill/Ünal", "-1"] {
            let cursor = Cursor(id: id, key: key)
            #expect(try Cursor(cursor.text) == cursor)
            #expect(try cursor.id(of: Account.self) == id)
        }
        let timed = Cursor(id: 7, key: Instant(seconds: 1_760_000_000))
        #expect(try Cursor(timed.text).instant() == Instant(seconds: 1_760_000_000))
        #expect(try timed.number() == 7)
    }

    @Test(arguments: ["", "x", "/", "/7", "1\u{0}/"])
    func `what is no cursor is a fault of its field`(text: String) {
        #expect(throws: Cursor.fault) { try Cursor(text) }
    }

    @Test(arguments: ["x", "", " 1", "-9223372036854775808", "9223372036854775807", "253402300800000000"])
    func `a key that is no moment of the calendar is a fault of the cursor`(key: String) {
        #expect(throws: Cursor.fault) { try Cursor(id: id, key: key).instant() }
        #expect(throws: Cursor.fault) { try Cursor(id: "9" + key + "x", key: key).number() }
        #expect(throws: Cursor.fault) { try Cursor(id: "9" + key, key: key).id(of: Account.self) }
    }
}
