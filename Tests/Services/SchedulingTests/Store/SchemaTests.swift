import Foundation
import Postgres
import Scheduling
import Testing

@Suite struct SchemaTests {
    @Test func `every migration of the folder is listed, under its name and text`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../../Services/scheduling/Migrations")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
        // Number 2 is Sealing's text, in every service the same.
        let own = Schema.migrations.filter { $0.name != "keys" }
        let listed = own.map { migration in
            let digits = String(migration.number)
            return "\(String(repeating: "0", count: 4 - digits.count))\(digits)_\(migration.name).sql"
        }
        #expect(listed == files)
        for (migration, file) in zip(own, files) {
            let text = try Data(contentsOf: folder.appending(path: file))
            #expect(Array(text) == migration.sql)
            #expect(text.starts(with: Array("-- ".utf8)))
        }
    }
}
