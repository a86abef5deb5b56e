import Crypto
import Files
import Glibc
import Kernel
import Lifecycle
import Net
import Outbound
import Records
import Testing

/// What both stores promise, and how each is found out when it does not keep it.
struct FileStoreTests {
    private static let id = ID<StoredFile>(high: 0x0199_A3C4_0000_7000, low: 0x8000_0000_0000_BEEF)
    private static let other = ID<StoredFile>(high: 0x0199_A3C4_0000_7000, low: 0x8000_0000_0000_00FF)
    private static let content = (0..<200_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    static func tree() -> FileTree {
        FileTree(
            path: "/tmp/praxis-store-\(getpid())-\(UInt32.random(in: 0 ... .max))",
            pool: BlockingPool(name: "test", threads: 2, queue: 64))
    }

    static func key(_ file: ID<StoredFile> = id) throws -> FileKey {
        let master = try MasterKey(version: 1, secret: Secret(String(repeating: "c3", count: 32)))
        let cell = AssociatedData(table: "stored_file", row: "1", column: "wrapped")
        return try Sealer(master: master).makeKey(for: "a").key.makeFileKey(for: file, authenticating: cell).key
    }

    private static func upload(
        _ content: [UInt8], _ key: FileKey, as id: ID<StoredFile> = id, in tree: FileTree
    ) async throws -> SealedUpload {
        let upload = try await SealedUpload(id, key, in: tree, headCount: 80)
        for start in stride(from: 0, to: content.count, by: 50_000) {
            try await upload.add(Array(content[start..<min(start + 50_000, content.count)]))
        }
        #expect(try await upload.finish() == Digest.sha256(content))
        #expect(upload.count == content.count)
        return upload
    }

    private static func read(_ download: SealedDownload, _ part: Range<Int>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await download.read(part) { bytes += $0 }
        return bytes
    }

    private func promises(_ store: any FileStore, _ tree: FileTree) async throws {
        let key = try Self.key()
        let upload = try await Self.upload(Self.content, key, in: tree)
        #expect(try await store.read(Self.id, 0..<16) == nil)
        await #expect(throws: FileDamaged.self) {
            _ = try await SealedDownload(Self.id, key, count: Self.content.count, from: store)
        }
        #expect(upload.head == Array(Self.content.prefix(80)))
        for part in [0..<80, 65_530..<65_540, 200_000..<200_001] {
            #expect(try await upload.read(part) == Array(Self.content[part]))
        }
        try await upload.keep(in: store)
        #expect(try await tree.removeDrafts(writtenBefore: .max) == 0)

        let download = try await SealedDownload(Self.id, key, count: Self.content.count, from: store)
        for part in [0..<200_001, 0..<100, 65_535..<65_538, 199_951..<200_001, 70_000..<70_001] {
            #expect(try await Self.read(download, part) == Array(Self.content[part]))
        }
        #expect(try await Self.files(store).map(\.id) == [Self.id])
        try await store.remove(Self.id)
        try await store.remove(Self.id)
        #expect(try await Self.files(store) == [])
        await #expect(throws: FileDamaged.self) { try await Self.read(download, 0..<1) }
    }

    private static func files(_ store: any FileStore) async throws -> [FilePage.File] {
        var page = try await store.files(nil, since: nil)
        var files = page.files
        while let next = page.next {
            page = try await store.files(next, since: nil)
            files += page.files
        }
        return files
    }

    @Test func `a folder keeps what was stored, and nothing before`() async throws {
        let tree = Self.tree()
        try await promises(LocalFileStore(tree), tree)
    }

    @Test func `a bucket keeps what was stored, and every request is signed`() async throws {
        try await S3Peer.with { peer, objects async throws in
            let tree = Self.tree()
            let store = S3FileStore(objects, pool: BlockingPool(name: "s3", threads: 2, queue: 16))
            try await promises(store, tree)
            #expect(peer.refusals.withLock { $0 } == [])
        }
    }

    @Test func `a bucket is listed page by page, and strangers in it are left alone`() async throws {
        try await S3Peer.with { peer, objects async throws in
            let tree = Self.tree()
            let store = S3FileStore(objects, pool: BlockingPool(name: "s3", threads: 2, queue: 16))
            for id in [Self.id, Self.other] {
                try await Self.upload([1], try Self.key(id), as: id, in: tree).keep(in: store)
            }
            peer.objects.withLock { $0["readme.txt"] = [1] }
            peer.pageSize.withLock { $0 = 1 }
            let files = try await Self.files(store)
            #expect(files.map(\.id) == [Self.other, Self.id])
            #expect(files.first?.written.rfc3339 == "2026-11-28T10:00:00Z")
            // Ids of the tests are of 1970: what is made later begins behind them.
            let later = try await store.files(nil, since: Instant(seconds: 1_760_000_000))
            #expect(later == FilePage(files: [], next: nil))
            #expect(peer.refusals.withLock { $0 } == [])
        }
    }

    @Test func `a store that refuses, fails or is away is a fault, and the file is not said to be kept`() async throws {
        try await S3Peer.with(secret: "another") { peer, objects async throws in
            let tree = Self.tree()
            let store = S3FileStore(objects, pool: BlockingPool(name: "s3", threads: 2, queue: 16))
            let upload = try await Self.upload([1], try Self.key(), in: tree)
            await #expect(throws: FileStoreFault.self) { try await upload.keep(in: store) }
            #expect(peer.refusals.withLock { $0 } == ["signature"])
            peer.trouble.withLock { $0 = 500 }
            await #expect(throws: FileStoreFault.self) { try await upload.keep(in: store) }
            await #expect(throws: FileStoreFault.self) { try await store.read(Self.id, 0..<1) }
            await #expect(throws: FileStoreFault.self) { try await store.remove(Self.id) }
            await #expect(throws: FileStoreFault.self) { try await store.files(nil, since: nil) }
        }
        let away = S3FileStore(
            ObjectStore(
                url: "http://127.0.0.1:1", bucket: "files", region: "r", accessKey: "a", secret: Secret("s"),
                timeout: .seconds(2)), pool: BlockingPool(name: "s3", threads: 1, queue: 1))
        await #expect(throws: OutboundFault.unreachable) { try await away.read(Self.id, 0..<1) }
    }

    @Test func `a stored file in which a byte was flipped, or which was cut, is refused chunk by chunk`() async throws {
        let tree = Self.tree()
        let store = LocalFileStore(tree)
        let key = try Self.key()
        try await Self.upload(Self.content, key, in: tree).keep(in: store)
        let path = "\(tree.path)/be/ef/\(Self.id)"
        let whole = try #require(try await store.read(Self.id, 0..<1_000_000))
        for (place, good) in [
            (3, 0), (9, 0), (20, 0), (65_560, 0), (16 + 65_552 + 5, 65_536), (whole.count - 1, 196_608),
        ] {
            var changed = whole
            changed[place] ^= 1
            try Self.write(changed, to: path)
            if good == 0 {
                await #expect(throws: FileDamaged.self) {
                    _ = try await SealedDownload(Self.id, key, count: Self.content.count, from: store)
                }
                continue
            }
            // What is before the chunk is given; of the chunk itself nothing.
            let download = try await SealedDownload(Self.id, key, count: Self.content.count, from: store)
            #expect(try await Self.read(download, 0..<good).count == good)
            await #expect(throws: FileDamaged.self) { try await Self.read(download, good..<good + 1) }
        }
        try Self.write(Array(whole.dropLast(1)), to: path)
        let download = try await SealedDownload(Self.id, key, count: Self.content.count, from: store)
        await #expect(throws: FileDamaged.self) { try await Self.read(download, 200_000..<200_001) }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = unsafe open(path, O_WRONLY | O_TRUNC)
        defer { close(file) }
        try #require(unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) } == bytes.count)
    }
}
