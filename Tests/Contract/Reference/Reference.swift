import API
import Chassis
import Glibc
import Kernel
import Web

/// The pages under docs/reference, each made from the code.
enum Reference {
    static let pages: [(name: String, text: @Sendable () -> String)] = [
        ("problems.md", { ProblemsPage.text }), ("events.md", { EventsPage.text }),
        ("settings.md", { SettingsReference.text }),
        ("openapi.json", { PrettyJSON.text(OpenAPIDocument.json(Catalogue.all, version: Release.version)) + "\n" }),
    ]

    /// Where the pages lie in this checkout.
    static var folder: String { top + "/docs/reference" }

    /// The checkout: three folders above this file.
    static var top: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
    }

    static func kept(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    static func write(_ text: String, to path: String) -> Bool {
        guard let file = unsafe fopen(path, "w") else { return false }
        let bytes = Array(text.utf8)
        let count = unsafe fwrite(bytes, 1, bytes.count, file)
        return unsafe fclose(file) == 0 && count == bytes.count
    }
}
