import Crypto
import Kernel
import Testing

@Suite struct SealedFileTests {
    private static let size = SealedFile.chunkCount
    private let file = ID<Appointment>(high: 1, low: 2)
    private let cell = AssociatedData(table: "stored_file", row: "1", column: "wrapped")
    private let owner: DataKey
    private let key: FileKey
    private let wrapped: [UInt8]

    init() throws {
        let master = try MasterKey(version: 1, secret: Secret(Hex.encode(Random.bytes(32))))
        owner = try Sealer(master: master).makeKey(for: "patient/1").key
        (key, wrapped) = try owner.makeFileKey(for: file, authenticating: cell)
    }

    private static func plain(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    }

    /// - Parameter step: how many bytes come at once.
    private func store(_ plain: [UInt8], in step: Int = 50_000, _ key: FileKey? = nil) throws -> [UInt8] {
        var writer = SealedFileWriter(key ?? self.key)
        var stored = writer.header
        for start in stride(from: 0, to: plain.count, by: step) {
            stored += try writer.seal(Array(plain[start..<min(start + step, plain.count)]))
        }
        #expect(writer.count == plain.count)
        return stored + (try writer.finish())
    }

    /// As a download reads it: the header, then the chunks of the part, and of them the part.
    private func read(_ stored: [UInt8], _ part: Range<Int>? = nil, count: Int, _ key: FileKey? = nil) throws -> [UInt8]
    {
        let reader = try SealedFileReader(key ?? self.key, header: Array(stored.prefix(16)), count: count)
        let part = part ?? 0..<count
        let chunks = reader.chunks(of: part)
        let place = reader.place(of: chunks).clamped(to: 0..<stored.count)
        let plain = try reader.open(Array(stored[place]), of: chunks)
        let first = part.lowerBound - chunks.lowerBound * Self.size
        return Array(plain[first..<first + part.count])
    }

    @Test(arguments: [1, 16, 65_535, 65_536, 65_537, 131_072, 200_001])
    func `what was stored is read back, however it came`(count: Int) throws {
        let plain = Self.plain(count)
        for step in [65_536, 50_000, 200_000, 4_093] {
            let stored = try store(plain, in: step)
            #expect(stored.count == SealedFile.storedCount(count))
            #expect(Array(stored.prefix(9)) == Array("PRXF1".utf8) + [0, 1, 0, 0])
            #expect(try read(stored, count: count) == plain)
        }
        #expect(try store(plain) != store(plain))
    }

    @Test(arguments: [
        0..<100, 65_535..<65_538, 0..<1, 65_536..<65_537, 131_072..<131_073, 199_951..<200_001, 0..<200_001,
    ])
    func `a part is read from its chunks alone`(part: Range<Int>) throws {
        let plain = Self.plain(200_001)
        #expect(try read(try store(plain), part, count: plain.count) == Array(plain[part]))
    }

    @Test func `a flipped byte anywhere is noticed`() throws {
        let plain = Self.plain(131_100)
        let stored = try store(plain)
        // All of the header, both ends of each chunk, and every 997th byte between.
        var places = Set(0..<64)
        places.formUnion(stride(from: 64, to: stored.count, by: 997))
        for end in [16 + 65_552, 16 + 2 * 65_552, stored.count] { places.formUnion(end - 17..<end) }
        for place in places {
            var changed = stored
            changed[place] ^= 1
            #expect(throws: CryptoFault.self, "byte \(place)") { try read(changed, count: plain.count) }
        }
    }

    @Test func `chunks that were swapped, repeated, left out, added or cut do not open`() throws {
        let plain = Self.plain(4 * Self.size + 10)
        let stored = try store(plain)
        let header = Array(stored.prefix(16))
        let chunks = stride(from: 16, to: stored.count, by: 65_552).map {
            Array(stored[$0..<min($0 + 65_552, stored.count)])
        }
        #expect(chunks.count == 5)
        let last = chunks[4]
        for order in [[1, 0, 2, 3], [0, 2, 1, 3], [0, 0, 2, 3], [0, 1, 2, 2]] {
            let moved = header + order.flatMap { chunks[$0] } + last
            #expect(throws: CryptoFault.self) { try read(moved, count: plain.count) }
        }
        let missing = header + [0, 1, 2].flatMap { chunks[$0] } + last
        #expect(throws: CryptoFault.self) { try read(missing, count: plain.count) }
        // A row that tells of fewer or more bytes than there are is noticed as well.
        #expect(throws: CryptoFault.self) { try read(missing, count: plain.count - Self.size) }
        for cut in [16, 65_552, 1] {
            let stump = Array(stored.dropLast(cut))
            #expect(throws: CryptoFault.self) { try read(stump, count: plain.count) }
            #expect(throws: CryptoFault.self) { try read(stump, count: plain.count - cut) }
        }
        #expect(throws: CryptoFault.self) { try read(stored, count: 4 * Self.size) }
        #expect(throws: CryptoFault.self) { try read(stored + last, count: plain.count + 10) }
        #expect(throws: CryptoFault.self) { try read(Array(stored.prefix(15)), count: plain.count) }
    }

    @Test func `each attempt has its own key and nonces, and a file opens under no other's`() throws {
        let plain = Self.plain(100)
        let stored = try store(plain)
        let (second, _) = try owner.makeFileKey(for: file, authenticating: cell)
        #expect(throws: CryptoFault.self) { try read(stored, count: 100, second) }
        #expect(try owner.fileKey(wrapped, of: file, authenticating: cell).seals(like: stored, plain))
        let other = try owner.fileKey(wrapped, of: ID<Appointment>(high: 1, low: 3), authenticating: cell)
        #expect(throws: CryptoFault.self) { try read(stored, count: 100, other) }
        let elsewhere = AssociatedData(table: "stored_file", row: "2", column: "wrapped")
        #expect(throws: CryptoFault.self) { try owner.fileKey(wrapped, of: file, authenticating: elsewhere) }
        #expect(try store(plain).prefix(16) != stored.prefix(16))
    }

    @Test func `an empty file is one last chunk`() throws {
        let stored = try store([])
        #expect(stored.count == 32)
        #expect(try read(stored, count: 0) == [])
    }

    @Test func `a key shows nothing of itself`() {
        var text = ""
        dump(key, to: &text)
        #expect("\(key)" == "•••" && !text.contains("cipher"))
    }
}

extension FileKey {
    /// Whether it opens what was stored.
    fileprivate func seals(like stored: [UInt8], _ plain: [UInt8]) throws -> Bool {
        let reader = try SealedFileReader(self, header: Array(stored.prefix(16)), count: plain.count)
        return try reader.open(Array(stored[reader.place(of: 0..<1)]), of: 0..<1) == plain
    }
}
