import Glibc

/// The process's own variables, copied once: `getenv` is not safe beside a `setenv` of another thread.
enum ProcessEnvironment {
    static func all() -> [String: String] {
        var result: [String: String] = [:]
        var entry = unsafe environ
        while let line = unsafe entry.pointee {
            let text = unsafe String(cString: line)
            if let equals = text.firstIndex(of: "=") {
                result[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            unsafe entry += 1
        }
        return result
    }
}

/// Whole files of at most 1 MiB: settings and secrets. Read at start only, so a blocking read holds nobody up.
enum SmallFile {
    static let limit = 1 << 20

    static func read(_ path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while bytes.count <= limit {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(validating: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
        return nil
    }
}

/// Whole files that a setting names by their path; at most 1 MiB of UTF-8, read at start.
package enum SettingFile {
    /// Nil when it cannot be read, is larger, or is no UTF-8.
    package static func text(_ path: String) -> String? { SmallFile.read(path) }
}
