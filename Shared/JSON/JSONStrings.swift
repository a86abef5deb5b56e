/// Texts as they stand in one piece of JSON, by what they say. What was stored as JSON and is only passed on is not made
/// strings and written again: there is one piece of memory for all of them.
package struct JSONStrings<Name: RawRepresentable & Sendable>: Sendable where Name.RawValue == Int {
    fileprivate var bytes: [UInt8]
    /// Where each stands, quotes included; none where that is empty. At most so many names, from 0 on.
    private var places = InlineArray<24, Range<Int32>>(repeating: 0..<0)

    /// - Parameter bytes: as `JSONWriter` has written them.
    package init(in bytes: [UInt8]) { self.bytes = bytes }

    package init() { bytes = [] }

    /// Says where a text stands.
    /// - Parameter place: of one text, quotes included; not checked.
    package mutating func set(_ name: Name, at place: Range<Int>?) {
        guard let place, place.upperBound <= bytes.count, let end = Int32(exactly: place.upperBound) else { return }
        places[name.rawValue] = Int32(place.lowerBound)..<end
    }

    /// Writes a text behind the others.
    package mutating func append(_ name: Name, _ text: String?) {
        guard let text else { return }
        var json = JSONWriter(reserving: 0)
        swap(&json.bytes, &bytes)
        let start = json.bytes.count
        json.append(quoting: text)
        swap(&json.bytes, &bytes)
        set(name, at: start..<bytes.count)
    }

    fileprivate func place(_ name: Name) -> Range<Int>? {
        let place = places[name.rawValue]
        return place.isEmpty ? nil : Int(place.lowerBound)..<Int(place.upperBound)
    }
}

extension JSONWriter {
    /// The text, or null where there is none.
    package mutating func string<Name>(_ name: Name, of strings: JSONStrings<Name>) {
        guard let place = strings.place(name) else { return null() }
        separate()
        append(place, of: strings.bytes)
    }

    /// Two texts with a blank between them, as one; null where one is missing.
    package mutating func string<Name>(_ first: Name, _ second: Name, of strings: JSONStrings<Name>) {
        guard let first = strings.place(first), let second = strings.place(second) else { return null() }
        separate()
        append(first.lowerBound..<first.upperBound - 1, of: strings.bytes)
        bytes.append(UInt8(ascii: " "))
        append(second.lowerBound + 1..<second.upperBound, of: strings.bytes)
    }
}
