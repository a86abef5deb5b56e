import Files
import Glibc
import Net
import Testing

struct FileTreeTests {
    private static let name = "0199a3c4-0000-7000-8000-00000000beef"
    private let tree = FileTree(
        path: temporaryPath() + "/deep", pool: BlockingPool(name: "test", threads: 2, queue: 64))

    private func store(_ bytes: [UInt8], as name: String = name) async throws {
        let file = try await tree.begin(name)
        for byte in bytes { try await file.write { [byte] } }
        try await tree.commit(file)
    }

    private func exists(_ path: String) -> Bool { unsafe access("\(tree.path)/\(path)", F_OK) == 0 }

    @Test func `a file is there when it is committed, by the end of its name, for its owner alone`() async throws {
        let file = try await tree.begin(Self.name)
        try await file.write { [1, 2, 3] }
        try await file.write { [4, 5] }
        #expect(try await file.read(1..<4) == [2, 3, 4])
        #expect(try await tree.read(Self.name, 0..<9) == nil)
        #expect(exists("tmp/\(Self.name).part"))
        try await tree.commit(file)
        #expect(try await tree.read(Self.name, 0..<9) == [1, 2, 3, 4, 5])
        #expect(try await tree.read(Self.name, 3..<5) == [4, 5])
        #expect(try await tree.read(Self.name, 5..<9) == [])
        #expect(!exists("tmp/\(Self.name).part"))
        var status = stat()
        #expect(unsafe stat("\(tree.path)/be/ef/\(Self.name)", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `a file that was given up, or forgotten, leaves nothing`() async throws {
        let file = try await tree.begin(Self.name)
        try await file.write { [1] }
        await file.discard()
        #expect(!exists("tmp/\(Self.name).part"))
        await #expect(throws: FileFault(code: EBADF)) { try await tree.commit(file) }
        await #expect(throws: FileFault(code: EBADF)) { try await file.write { [1] } }
        // One thread: what it was given before is forgotten when it has done the next.
        let single = FileTree(path: tree.path, pool: BlockingPool(name: "test", threads: 1, queue: 64))
        do { _ = try await single.begin(Self.name) }
        _ = try await single.read(Self.name, 0..<1)
        #expect(!exists("tmp/\(Self.name).part"))
    }

    @Test func `nobody begins what another has begun`() async throws {
        let file = try await tree.begin(Self.name)
        await #expect(throws: FileFault(code: EEXIST)) { _ = try await tree.begin(Self.name) }
        try await tree.commit(file)
    }

    @Test func `what cannot be made is not written`() async throws {
        struct Fault: Error {}
        let file = try await tree.begin(Self.name)
        await #expect(throws: Fault.self) { try await file.write { throw Fault() } }
        try await tree.commit(file)
        #expect(try await tree.read(Self.name, 0..<9) == [])
    }

    @Test func `files are listed by the beginning of their folder, and removed`() async throws {
        try await store([1], as: "a-00ff")
        try await store([2], as: "b-00fe")
        try await store([3], as: "c-01ff")
        #expect(try await tree.files(in: 0).map(\.name).sorted() == ["a-00ff", "b-00fe"])
        #expect(try await tree.files(in: 1).map(\.name) == ["c-01ff"])
        #expect(try await tree.files(in: 255) == [])
        let now = Int(time(nil))
        #expect(try await tree.files(in: 1).allSatisfy { abs($0.written - now) < 60 })
        try await tree.remove("a-00ff")
        try await tree.remove("a-00ff")
        #expect(try await tree.files(in: 0).map(\.name) == ["b-00fe"])
    }

    @Test func `only drafts that nobody writes to any more are removed`() async throws {
        let old = try await tree.begin("old-0000")
        let young = try await tree.begin("young-0000")
        var times = [timespec(tv_sec: 1_000, tv_nsec: 0), timespec(tv_sec: 1_000, tv_nsec: 0)]
        #expect(unsafe utimensat(AT_FDCWD, "\(tree.path)/tmp/old-0000.part", &times, 0) == 0)
        #expect(try await tree.removeDrafts(writtenBefore: 2_000) == 1)
        #expect(!exists("tmp/old-0000.part") && exists("tmp/young-0000.part"))
        await #expect(throws: FileFault(code: ENOENT)) { try await tree.commit(old) }
        try await tree.commit(young)
    }

    @Test(arguments: [
        "", "abc", "../../etc/passwd", "a/b-0000", "A-0000", "a\0b-0000", String(repeating: "a", count: 65),
    ])
    func `what is no id of ours names no file`(name: String) async throws {
        await #expect(throws: FileFault(code: EINVAL)) { try await tree.read(name, 0..<1) }
        await #expect(throws: FileFault(code: EINVAL)) { _ = try await tree.begin(name) }
        await #expect(throws: FileFault(code: EINVAL)) { try await tree.remove(name) }
    }
}
