internal import Glibc

/// A process as others on its machine can look for it: which boot and pid namespace it lives in, its number, and when
/// it started. A number is used again, a number with its start is not.
package struct ProcessMark: Sendable, Equatable, CustomStringConvertible {
    private let place: String
    private let number: Int
    /// In clock ticks since the boot (proc(5), field 22 of `stat`).
    private let started: String

    /// This process; nil where /proc does not tell.
    package static let own = ProcessMark(of: Int(getpid()))

    private init?(of number: Int) {
        guard let place = Self.here, let started = Self.started(number) else { return nil }
        self.place = place
        self.number = number
        self.started = started
    }

    /// Reads what `description` wrote.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let number = Int(parts[1]), number > 0, !parts[0].isEmpty, !parts[2].isEmpty else {
            return nil
        }
        place = String(parts[0])
        self.number = number
        started = String(parts[2])
    }

    package var description: String { "\(place).\(number).\(started)" }

    /// True only where that can be known: it lived here, and no longer does. A killed process whose parent has not
    /// heard of it yet (a zombie) is gone.
    package var isGone: Bool { place == Self.here && Self.started(number) != started }

    private static let here: String? = {
        guard let boot = text("/proc/sys/kernel/random/boot_id"), let namespace = link("/proc/self/ns/pid") else {
            return nil
        }
        let words = boot + "-" + namespace
        return String(words.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    }()

    /// Nil for one that does not run.
    private static func started(_ number: Int) -> String? {
        guard let stat = text("/proc/\(number)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        // Behind the name: state is field 3, the start field 22.
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return String(fields[19])
    }

    private static func text(_ path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private static func link(_ path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = unsafe readlink(path, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
