import Files
import Glibc
import Testing

struct LineFileTests {
    private let path = temporaryPath() + "/folder/file.heads"

    private func file() -> LineFile { LineFile(path: path, thread: "test") }

    @Test func `lines are added, and the last one not twice`() async throws {
        #expect(try await file().lines() == nil)
        for line in ["one", "one", "two", "one"] { try await file().append(line) }
        #expect(try await file().lines() == ["one", "two", "one"])
    }

    @Test func `a line torn by a crash is left out, and the next begins on a line of its own`() async throws {
        try await file().append("one")
        let descriptor = unsafe open(path, O_WRONLY | O_APPEND)
        _ = unsafe write(descriptor, "tor", 3)
        close(descriptor)
        #expect(try await file().lines() == ["one"])
        try await file().append("two")
        #expect(try await file().lines() == ["one", "tor", "two"])
    }

    @Test func `lines that are added at once do not mix`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for writer in 0..<8 {
                let file = file()
                tasks.addTask {
                    for number in 0..<10 { try await file.append(String(repeating: "\(writer)\(number).", count: 50)) }
                }
            }
            try await tasks.waitForAll()
        }
        let lines = try await file().lines() ?? []
        #expect(lines.count == 80)
        #expect(lines.allSatisfy { line in line.count % 50 == 0 && Set(line.split(separator: ".")).count == 1 })
    }

    @Test func `what cannot be written says why`() async throws {
        await #expect(throws: FileFault(code: ENOTDIR)) {
            try await LineFile(path: "/dev/null/a/b", thread: "test").append("one")
        }
    }
}
