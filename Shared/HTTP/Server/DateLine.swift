internal import Glibc
internal import Kernel

/// The `Date` field of answers, as bytes, made once a second (RFC 9110 §5.6.7).
struct DateLine {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private var bytes: [UInt8] = []
    private var validUntil = Int64.min

    /// Appends the line. `now` is the loop's monotonic time.
    mutating func append(at now: Int64, to output: inout [UInt8]) {
        if now >= validUntil { make(at: now) }
        output.append(all: bytes)
    }

    private mutating func make(at now: Int64) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        bytes = Array("Date: \(Self.text(time.tv_sec))\r\n".utf8)
        validUntil = now &+ 1_000_000_000 &- Int64(time.tv_nsec)
    }

    static func text(_ seconds: Int) -> String {
        var seconds = seconds
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        let clock = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { two(Int($0)) }.joined(separator: ":")
        return unsafe "\(days[Int(parts.tm_wday)]), \(two(Int(parts.tm_mday))) \(months[Int(parts.tm_mon)]) "
            + "\(Int(parts.tm_year) + 1900) \(clock) GMT"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
