import Forms
import JSON
import Kernel

/// What a client writes into a query, a path, a body or a header field, as the forms and the kernel's types read it.
/// Nothing may end the process, and what was believed must be written and read back the same.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzInputs(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let text = String(decoding: bytes, as: UTF8.self)
    readTimes(text)
    readNumbers(bytes)
    readCursor(text)
    readFields(text)
    return 0
}

private func readTimes(_ text: String) {
    if let instant = Instant(rfc3339: text) { written(instant) }
    if let date = CalendarDate(text) {
        precondition(CalendarDate(daysSinceEpoch: date.daysSinceEpoch) == date, "a date reads back as another")
    }
    if let id = ID<Account>(text) { precondition(ID<Account>(id.description) == id, "an id reads back as another") }
}

/// The bytes as a number of microseconds and as a duration.
private func readNumbers(_ bytes: [UInt8]) {
    let number = Int64(bitPattern: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    let other = Int64(bitPattern: bytes.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    let instant = Instant(microseconds: number)
    written(instant)
    written(instant + .seconds(other))
    written(instant - .microseconds(other))
    written(Instant(seconds: other))
    _ = (instant - Instant(microseconds: other)).secondsRoundedUp
    _ = (
        instant.date, instant.seconds, instant.milliseconds,
        ID<Account>.make(at: instant, random: UInt64(bitPattern: other))
    )
}

private func written(_ instant: Instant) {
    let text = instant.rfc3339
    precondition(Instant(rfc3339: text)?.rfc3339 == text, "an instant reads back as another")
}

private func readCursor(_ text: String) {
    guard let cursor = try? Cursor(text) else { return }
    let again = try? Cursor(cursor.text)
    precondition(again == cursor, "a cursor reads back as another")
    if let instant = try? cursor.instant() { written(instant) }
    _ = (try? cursor.number(), try? cursor.id(of: Account.self))
}

private let form = Form(
    .page, .instant("at", in: .query), .date("day", in: .query), .integer("number", 0...100, in: .query),
    .boolean("flag", in: .query), .text("text", 1...50, in: .query), .id("id", of: Account.self, in: .query))
private let body = Form(.email("email"), .phone("phone"), .decimal("fee"), .birthDate("born"), .instant("at"))

/// The text as the value of every field, and as the query itself.
private func readFields(_ text: String) {
    let names = ["page", "page_size", "cursor", "at", "day", "number", "flag", "text", "id"]
    var source = Source(query: names.map { ($0, text) }, now: Instant(seconds: 1_728_000_000))
    _ = try? form.read(source)
    source.readCursor = { _ in nil }
    _ = try? form.read(source)
    let pairs = text.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    source.query = pairs.map { ($0.first ?? "", $0.last ?? "") }
    _ = try? form.read(source)
    let members = ["email", "phone", "fee", "born", "at"].map { JSONMember(key: $0, value: .string(text)) }
    _ = try? body.read(Source(body: .object(members), now: Instant(seconds: 1_728_000_000)))
    if let json = try? JSONReader.read(Array(text.utf8)) {
        _ = try? body.read(Source(body: json, now: Instant(seconds: 1_728_000_000)))
    }
}
