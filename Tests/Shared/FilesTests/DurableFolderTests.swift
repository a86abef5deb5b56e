import Files
import Glibc
import Testing

struct DurableFolderTests {
    private let folder = DurableFolder(path: temporaryPath() + "/deep/folder", thread: "test")

    @Test func `a file is there whole, and a second of its name takes its place`() async throws {
        #expect(try await folder.names() == [])
        #expect(try await folder.read("a.txt", atMost: 10) == nil)
        try await folder.write([1, 2, 3], as: "a.txt")
        try await folder.write([4], as: "b.txt")
        try await folder.write([5, 6], as: "a.txt")
        #expect(try await folder.read("a.txt", atMost: 10) == [5, 6])
        #expect(try await folder.names().sorted() == ["a.txt", "b.txt"])
    }

    @Test func `more than the limit is not read`() async throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        try await folder.write(bytes, as: "a")
        #expect(try await folder.read("a", atMost: 70_000) == Array(bytes.prefix(70_000)))
        #expect(try await folder.read("a", atMost: 300_000) == bytes)
    }

    @Test func `files are their owner's alone`() async throws {
        try await folder.write([1], as: "a")
        var status = stat()
        #expect(unsafe stat("\(folder.path)/a", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(unsafe stat(folder.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
    }

    @Test(arguments: ["../a", "..", ".hidden", "a/b", "", "a\0b", String(repeating: "x", count: 5000)])
    func `a name that is a path, or too long, is no file`(name: String) async throws {
        try await folder.write([1], as: "a")
        let found = try? await folder.read(name, atMost: 10)
        #expect(found == nil)
    }

    @Test func `a link in the place of a file is not followed`() async throws {
        try await folder.write([1], as: "a")
        #expect(unsafe symlink("\(folder.path)/a", "\(folder.path)/b") == 0)
        await #expect(throws: FileFault(code: ELOOP)) { try await folder.read("b", atMost: 10) }
    }

    @Test func `what cannot be written says why, and leaves nothing behind`() async throws {
        await #expect(throws: FileFault(code: ENOTDIR)) {
            try await DurableFolder(path: "/dev/null/folder", thread: "test").write([1], as: "a")
        }
        // A folder has the name: the draft cannot be renamed.
        try await folder.write([1], as: "a")
        #expect(unsafe mkdir("\(folder.path)/taken", 0o700) == 0)
        await #expect(throws: FileFault(code: EISDIR)) { try await folder.write([1], as: "taken") }
        #expect(everything(in: folder.path).sorted() == ["a", "taken"])
    }

    @Test func `a draft that is not committed is gone`() throws {
        let path = temporaryPath()
        func begin() throws {
            let draft = try FileDraft(in: path)
            try draft.write([1, 2, 3])
            #expect(everything(in: path).count == 1)
        }
        try begin()
        #expect(everything(in: path) == [])
    }

    @Test func `a draft stands in the folder of its file until it is committed`() throws {
        let path = temporaryPath()
        var draft = try FileDraft(of: path + "/file")
        #expect(everything(in: path).count == 1)
        try draft.commit(to: path + "/file")
        #expect(everything(in: path) == ["file"])
    }

    @Test func `a draft of many parts is committed into another folder`() async throws {
        let path = temporaryPath()
        var draft = try FileDraft(in: path + "/tmp")
        for byte in 0..<4 as Range<UInt8> { try draft.write([byte]) }
        try draft.commit(to: path + "/ab/cd/file")
        let kept = try await DurableFolder(path: path + "/ab/cd", thread: "test").read("file", atMost: 10)
        #expect(kept == [0, 1, 2, 3])
        #expect(everything(in: path + "/tmp") == [])
    }
}

func temporaryPath() -> String { "/tmp/praxis-files-\(getpid())-\(UInt32.random(in: 0 ... .max))" }

/// Names of all that stands in a folder, hidden files too.
func everything(in path: String) -> [String] {
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}
