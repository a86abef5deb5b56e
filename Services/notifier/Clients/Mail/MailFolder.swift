import Files
import Kernel

/// A folder of kept messages, a file each.
package struct MailFolder: Sendable {
    /// What its files' names end with.
    package let ending: String
    private let folder: DurableFolder

    package var path: String { folder.path }

    package init(path: String, ending: String = ".eml") {
        self.ending = ending
        folder = DurableFolder(path: path, thread: "mail-folder")
    }

    package func keep(_ bytes: [UInt8], as name: String) async throws { try await folder.write(bytes, as: name) }

    /// Names of messages, the newest first.
    package func names(atMost limit: Int = 200) async throws -> [String] {
        Array(try await folder.names().filter { $0.hasSuffix(ending) }.sorted(by: >).prefix(limit))
    }

    /// The bytes of one message, at most a megabyte; nil when there is none of that name. `name` is a name, not a path.
    package func read(_ name: String) async throws -> [UInt8]? {
        guard name.hasSuffix(ending) else { return nil }
        return try await folder.read(name, atMost: 1_048_576)
    }

    /// `20261121T032823Z-<id>.eml`: named by when the delivery was made, so that kept twice is kept once.
    func name(of id: ID<Delivery>, at date: Instant) -> String {
        "\(date.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" })Z-\(id)\(ending)"
    }
}
