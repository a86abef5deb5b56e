/// Texts as they stand in one piece of JSON, each with a number below 24. What was stored as JSON and is only passed on
/// is not made strings and written again: there is one piece of memory for all of them.
package struct JSONStrings: Sendable {
    fileprivate var bytes: [UInt8]
    /// Where each stands, quotes included; nowhere where that is empty.
    private var places = InlineArray<24, Range<Int32>>(repeating: 0..<0)

    /// - Parameter bytes: as `JSONWriter` has written them.
    package init(in bytes: [UInt8]) { self.bytes = bytes }

    package init() { bytes = [] }

    /// Says where a text stands.
    /// - Parameter place: of one text, quotes included; not checked.
    package mutating func set(_ number: Int, at place: Range<Int>?) {
        guard let place, place.upperBound <= bytes.count, let end = Int32(exactly: place.upperBound) else { return }
        places[number] = Int32(place.lowerBound)..<end
    }

    /// Writes a text behind the others.
    package mutating func append(_ number: Int, _ text: String?) {
        guard let text else { return }
        var json = JSONWriter(reserving: 0)
        swap(&json.bytes, &bytes)
        let start = json.bytes.count
        json.append(quoting: text)
        swap(&json.bytes, &bytes)
        set(number, at: start..<bytes.count)
    }

    fileprivate func place(_ number: Int) -> Range<Int>? {
        let place = places[number]
        return place.isEmpty ? nil : Int(place.lowerBound)..<Int(place.upperBound)
    }
}

extension JSONWriter {
    /// The text, or null where there is none.
    package mutating func string(_ number: Int, of strings: JSONStrings) {
        guard let place = strings.place(number) else { return null() }
        separate()
        append(place, of: strings.bytes)
    }

    /// Two texts with a blank between them, as one; null where one is missing.
    package mutating func string(_ first: Int, _ second: Int, of strings: JSONStrings) {
        guard let first = strings.place(first), let second = strings.place(second) else { return null() }
        separate()
        append(first.lowerBound..<first.upperBound - 1, of: strings.bytes)
        bytes.append(UInt8(ascii: " "))
        append(second.lowerBound + 1..<second.upperBound, of: strings.bytes)
    }
}
