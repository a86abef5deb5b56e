extension Instant {
    /// Reads an RFC 3339 §5.6 date-time with its zone (`Z` or ±hh:mm) and up to nine fraction digits (cut to six).
    /// A leap second (`:60`) reads as the second after; a time without a zone is no moment, hence nil.
    package init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 35, bytes[10] | 0x20 == UInt8(ascii: "t"),
            let date = CalendarDate(String(decoding: bytes[0..<10], as: UTF8.self)),
            let hour = number(bytes, 11, 13), hour < 24, bytes[13] == UInt8(ascii: ":"),
            let minute = number(bytes, 14, 16), minute < 60, bytes[16] == UInt8(ascii: ":"),
            let second = number(bytes, 17, 19), second <= 60
        else { return nil }
        var position = 19
        var fraction: Int64 = 0
        if bytes[position] == UInt8(ascii: ".") {
            position += 1
            var scale: Int64 = 100_000
            let start = position
            while position < bytes.count, bytes[position] >= 48, bytes[position] <= 57 {
                fraction += Int64(bytes[position] - 48) * scale
                scale /= 10
                position += 1
            }
            guard position > start, position - start <= 9 else { return nil }
        }
        guard let offset = zoneOffset(bytes, from: position) else { return nil }
        let day = Int64(date.daysSinceEpoch) * 86_400
        let seconds = day + Int64(hour) * 3600 + Int64(minute) * 60 + Int64(second) - offset
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }
}

/// Seconds east of UTC.
private func zoneOffset(_ bytes: [UInt8], from position: Int) -> Int64? {
    guard position < bytes.count else { return nil }
    if bytes[position] | 0x20 == UInt8(ascii: "z") { return position + 1 == bytes.count ? 0 : nil }
    let sign: Int64
    switch bytes[position] {
    case UInt8(ascii: "+"): sign = 1
    case UInt8(ascii: "-"): sign = -1
    default: return nil
    }
    guard position + 6 == bytes.count, bytes[position + 3] == UInt8(ascii: ":"),
        let hours = number(bytes, position + 1, position + 3), hours < 24,
        let minutes = number(bytes, position + 4, position + 6), minutes < 60
    else { return nil }
    return sign * Int64(hours * 3600 + minutes * 60)
}

/// The decimal number in `bytes[from..<to]`, if all of them are digits and there are at most nine.
func number(_ bytes: [UInt8], _ from: Int, _ to: Int) -> Int? {
    guard from < to, to <= bytes.count, to - from <= 9 else { return nil }
    var value = 0
    for byte in bytes[from..<to] {
        guard byte >= 48, byte <= 57 else { return nil }
        value = value * 10 + Int(byte - 48)
    }
    return value
}
