import Crypto
package import Files
package import Kernel
package import Net
package import Outbound

/// Files in a bucket of a store that speaks S3's API, each an object under its id.
package struct S3FileStore: FileStore {
    private let store: ObjectStore
    private let pool: BlockingPool

    /// - Parameter pool: the threads on which the store is asked.
    package init(_ store: ObjectStore, pool: BlockingPool) {
        self.store = store
        self.pool = pool
    }

    package var kind: FileStoreKind { .s3 }

    /// The object is there whole or not at all; what was written here is given up.
    package func keep(_ file: LargeFile, of count: Int) async throws {
        let answer = try await pool.run { [store] in
            let digest = RunningSHA256()
            for start in stride(from: 0, to: count, by: 65_536) {
                digest.update(try file.readNow(start..<min(start + 65_536, count)))
            }
            return try ObjectRequest(
                .put(count: count, read: { try file.readNow($0) }), of: file.name, digest: Hex.encode(digest.finish()),
                to: store
            ).run().get()
        }
        guard answer.status == 200 else { throw FileStoreFault() }
        await file.discard()
    }

    package func read(_ file: ID<StoredFile>, _ range: Range<Int>) async throws -> [UInt8]? {
        if range.isEmpty { return [] }
        let answer = try await ask(.get(range), of: file.description)
        switch answer.status {
        case 206: return answer.body
        // A store may give the whole where that is what was asked for.
        case 200 where range.lowerBound == 0 && answer.body.count <= range.count: return answer.body
        case 404, 416: return nil
        default: throw FileStoreFault()
        }
    }

    package func remove(_ file: ID<StoredFile>) async throws {
        let answer = try await ask(.delete, of: file.description)
        guard [200, 204, 404].contains(answer.status) else { throw FileStoreFault() }
    }

    /// Keys are ids, which begin with the time at which the upload began.
    package func files(_ page: String?, since: Instant?) async throws -> FilePage {
        let first = since.map { ID<StoredFile>.first(at: $0 - SweepFiles.age).description }
        let answer = try await ask(.list(after: page ?? first), of: "")
        guard answer.status == 200, let list = ObjectList(answer.body) else { throw FileStoreFault() }
        let files = list.objects.compactMap { object in
            ID<StoredFile>(object.key).map { FilePage.File(id: $0, written: object.written) }
        }
        return FilePage(files: files, next: list.isCut ? list.objects.last?.key : nil)
    }

    private func ask(_ action: ObjectRequest.Action, of key: String) async throws -> OutboundAnswer {
        try await pool.run { [store] in
            try ObjectRequest(action, of: key, digest: Self.nothing, to: store).run().get()
        }
    }

    private static let nothing = Hex.encode(Digest.sha256([]))
}

/// A page of a bucket's list (`ListBucketResult`), as far as it is needed. Keys of ours hold nothing that XML escapes.
struct ObjectList {
    struct Object: Equatable {
        let key: String
        let written: Instant
    }

    let objects: [Object]
    let isCut: Bool

    /// Nil when it is none.
    init?(_ body: [UInt8]) {
        let text = String(decoding: body, as: UTF8.self)
        guard text.contains("<ListBucketResult") else { return nil }
        isCut = Self.value("IsTruncated", text[...]) == "true"
        objects = text.split(separator: "<Contents>").dropFirst().compactMap { part in
            guard let key = Self.value("Key", part),
                let written = Self.value("LastModified", part).flatMap({ Instant(rfc3339: $0) })
            else { return nil }
            return Object(key: String(key), written: written)
        }
    }

    private static func value(_ name: String, _ text: Substring) -> Substring? {
        guard let start = text.firstRange(of: "<\(name)>")?.upperBound,
            let end = text[start...].firstRange(of: "</\(name)>")?.lowerBound
        else { return nil }
        return text[start..<end]
    }
}
