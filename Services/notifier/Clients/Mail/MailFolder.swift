import Glibc
import Kernel
import Net

/// A folder of kept messages, a file each. A file appears whole or not at all.
package struct MailFolder: Sendable {
    /// The system's error code of what could not be kept.
    package struct Fault: Error, Equatable { package let code: Int32 }

    package let path: String
    /// What its files' names end with.
    package let ending: String
    private let pool: BlockingPool

    package init(path: String, ending: String = ".eml") {
        self.path = path
        self.ending = ending
        pool = BlockingPool(name: "mail-folder", threads: 1, queue: 64)
    }

    package func keep(_ bytes: [UInt8], as name: String) async throws {
        try await pool.run { [path] in
            try MailFolder.make(path)
            let draft = "\(path)/.\(name).part"
            try MailFolder.write(bytes, to: draft)
            guard unsafe rename(draft, "\(path)/\(name)") == 0 else { throw Fault(code: errno) }
            try MailFolder.synchronize(path, O_RDONLY | O_DIRECTORY)
        }
    }

    /// Names of messages, the newest first.
    package func names(atMost limit: Int = 200) async throws -> [String] {
        try await pool.run { [path, ending] in
            guard let directory = unsafe opendir(path) else { return [] }
            defer { unsafe closedir(directory) }
            var names: [String] = []
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                if name.hasSuffix(ending), !name.hasPrefix(".") { names.append(name) }
            }
            return Array(names.sorted(by: >).prefix(limit))
        }
    }

    /// The bytes of one message, at most a megabyte; nil when there is none of that name. `name` is a name, not a path.
    package func read(_ name: String) async throws -> [UInt8]? {
        guard name.hasSuffix(ending), !name.hasPrefix("."), !name.contains("/") else { return nil }
        return try await pool.run { [path] in
            let file = unsafe open("\(path)/\(name)", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            var bytes = [UInt8](repeating: 0, count: 1_048_576)
            var count = 0
            while count < bytes.count {
                let step = unsafe bytes.withUnsafeMutableBytes { buffer in
                    unsafe Glibc.read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
                }
                if step <= 0 { break }
                count += step
            }
            return Array(bytes.prefix(count))
        }
    }

    /// `20261121T032823Z-<id>.eml`: named by when the delivery was made, so that kept twice is kept once.
    func name(of id: ID<Delivery>, at date: Instant) -> String {
        "\(date.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" })Z-\(id)\(ending)"
    }

    private static func make(_ path: String) throws {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard unsafe mkdir(made, 0o700) == 0 || errno == EEXIST else { throw Fault(code: errno) }
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Fault(code: errno) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let step = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(file, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            guard step > 0 else { throw Fault(code: errno) }
            written += step
        }
        guard fsync(file) == 0 else { throw Fault(code: errno) }
    }

    private static func synchronize(_ path: String, _ flags: Int32) throws {
        let file = unsafe open(path, flags | O_CLOEXEC)
        guard file >= 0 else { throw Fault(code: errno) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw Fault(code: errno) }
    }
}
