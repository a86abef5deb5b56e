import Crypto
import Kernel
import Testing

@Suite struct SealerTests {
    private let first: MasterKey
    private let second: MasterKey
    private let associatedData = AssociatedData(table: "patient", row: "7", column: "name")

    init() throws {
        first = try MasterKey(version: 1, secret: Secret(Base64URL.encode(Random.bytes(32))))
        second = try MasterKey(version: 2, secret: Secret(Hex.encode(Random.bytes(32))))
    }

    @Test func `what is sealed opens in its place, and never looks the same twice`() throws {
        let (key, _) = try Sealer(master: first).makeKey(for: "patient/7")
        for text in ["", "Amina", String(repeating: "ä", count: 100_000)] {
            let sealed = try key.seal(text, authenticating: associatedData)
            #expect(sealed.count == text.utf8.count + 29)
            #expect(try key.openText(sealed, authenticating: associatedData) == text)
            #expect(try key.seal(text, authenticating: associatedData) != sealed)
        }
    }

    @Test func `every changed bit and every cut is noticed`() throws {
        let (key, _) = try Sealer(master: first).makeKey(for: "patient/7")
        let sealed = try key.seal("Amina Bibi", authenticating: associatedData)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: CryptoFault.self) { try key.open(changed, authenticating: associatedData) }
            #expect(throws: CryptoFault.self) { try key.open(Array(sealed[..<index]), authenticating: associatedData) }
        }
        #expect(throws: CryptoFault.self) { try key.open(sealed + [0], authenticating: associatedData) }
    }

    @Test(arguments: [
        AssociatedData(table: "doctor", row: "7", column: "name"),
        AssociatedData(table: "patient", row: "8", column: "name"),
        AssociatedData(table: "patient", row: "7", column: "phone"),
        AssociatedData(table: "patient", row: "7", column: "name", version: 2),
        AssociatedData(table: "patient7", row: "", column: "name"),
    ])
    func `a value moved to another cell does not open`(other: AssociatedData) throws {
        let (key, _) = try Sealer(master: first).makeKey(for: "patient/7")
        let sealed = try key.seal("Amina", authenticating: associatedData)
        #expect(throws: CryptoFault.self) { try key.open(sealed, authenticating: other) }
    }

    @Test func `keys take turns on one thread, and a value that was refused leaves nothing behind`() throws {
        let sealer = Sealer(master: first)
        let keys = try (1...2).map { _ in try sealer.makeKey(for: "patient/7").key }
        let texts = ["Amina", String(repeating: "Bibi ", count: 100), ""]
        let sealed = try keys.map { key in try texts.map { try key.seal($0, authenticating: associatedData) } }
        for turns in [[0, 0, 1, 1, 0], [1, 0, 1, 0]] {
            for turn in turns {
                for (text, value) in zip(texts, sealed[turn]) {
                    #expect(try keys[turn].openText(value, authenticating: associatedData) == text)
                    #expect(throws: CryptoFault.self) { try keys[1 - turn].open(value, authenticating: associatedData) }
                    #expect(try keys[turn].openText(value, authenticating: associatedData) == text)
                    let again = try keys[turn].seal(text, authenticating: associatedData)
                    #expect(try keys[turn].openText(again, authenticating: associatedData) == text)
                }
            }
        }
    }

    @Test func `a data key opens for its owner, and another's key opens nothing`() throws {
        let sealer = Sealer(master: first)
        let (key, wrapped) = try sealer.makeKey(for: "patient/7")
        let sealed = try key.seal("Amina", authenticating: associatedData)
        #expect(
            try sealer.unwrap(wrapped, for: "patient/7").openText(sealed, authenticating: associatedData) == "Amina")
        #expect(throws: CryptoFault.self) { try sealer.unwrap(wrapped, for: "patient/8") }
        let (other, _) = try sealer.makeKey(for: "patient/7")
        #expect(throws: CryptoFault.self) { try other.open(sealed, authenticating: associatedData) }
        for index in wrapped.indices {
            var changed = wrapped
            changed[index] ^= 1
            #expect(throws: CryptoFault.self) { try sealer.unwrap(changed, for: "patient/7") }
        }
        for count in 0..<6 {
            #expect(throws: CryptoFault.self) { try sealer.unwrap(Array(wrapped[..<count]), for: "patient/7") }
        }
    }

    @Test func `a new master key re-wraps, and touches nothing that was sealed`() throws {
        let (key, wrapped) = try Sealer(master: first).makeKey(for: "t")
        let sealed = try key.seal("Amina", authenticating: associatedData)
        let rotated = Sealer(master: second, others: [first])
        let again = try #require(try rotated.rewrap(wrapped, for: "t"))
        #expect(Sealer.version(of: again) == 2)
        #expect(try rotated.rewrap(again, for: "t") == nil)
        #expect(
            try Sealer(master: second).unwrap(again, for: "t").openText(sealed, authenticating: associatedData)
                == "Amina")
        #expect(throws: CryptoFault.self) { try Sealer(master: second).unwrap(wrapped, for: "t") }
    }

    @Test func `a later master key has its version in front, and the first needs none`() throws {
        let key = String(repeating: "ab", count: 32)
        #expect(try MasterKey(Secret(key)).version == 1)
        #expect(try MasterKey(Secret("1:\(key)")).version == 1)
        #expect(try MasterKey(Secret("12:\(key)")).version == 12)
        for text in ["0:\(key)", "-1:\(key)", "4294967295:\(key)", ":\(key)", "2:", "2:2:\(key)", "two:\(key)"] {
            #expect(throws: CryptoFault.self) { try MasterKey(Secret(text)) }
        }
    }

    @Test func `a box keeps what it sealed under a new master key`() throws {
        let box = try SealedBox(Sealer(master: first)).seal([1, 2], authenticating: associatedData, owner: "t")
        let rotated = SealedBox(Sealer(master: second, others: [first]))
        let again = try #require(try rotated.rewrap(box, owner: "t"))
        #expect(try rotated.rewrap(again, owner: "t") == nil)
        let alone = SealedBox(Sealer(master: second))
        #expect(try alone.open(again, authenticating: associatedData, owner: "t") == [1, 2])
        #expect(throws: CryptoFault.self) { try alone.open(box, authenticating: associatedData, owner: "t") }
        #expect(throws: CryptoFault.self) { try rotated.rewrap(box, owner: "u") }
        #expect(throws: SealedBox.Broken.self) { try rotated.rewrap(Array(box.prefix(40)), owner: "t") }
    }

    @Test(arguments: ["", "short", "AAAA", "zz"])
    func `a master key is 32 bytes`(text: String) {
        #expect(throws: CryptoFault.self) { try MasterKey(version: 1, secret: Secret(text)) }
    }

    @Test func `no key prints`() throws {
        let (key, _) = try Sealer(master: first).makeKey(for: "t")
        var text = "\(key)"
        dump(key, to: &text)
        dump(first, to: &text)
        #expect(text.utf8.count < 100)
    }
}

@Suite struct BlindIndexTests {
    private let index = BlindIndex(key: HMACKey(Secret("k")), field: "patient.name")

    @Test func `equal texts have equal tokens, whatever their case and composition`() {
        #expect(index.exact("Ren\u{E9}e  Khan ") == index.exact("rene\u{301}e khan"))
        #expect(index.exact("renee khan") != index.exact("ren\u{E9}e khan"))
        #expect(index.exact("a") != BlindIndex(key: HMACKey(Secret("k")), field: "patient.phone").exact("a"))
        #expect(index.exact("a") != BlindIndex(key: HMACKey(Secret("l")), field: "patient.name").exact("a"))
    }

    @Test(arguments: ["ami", "amina", "NA B", "bibi", "Amina Bibi"])
    func `a text that contains the part has all tokens of it`(part: String) {
        let asked = index.trigrams(of: part)
        #expect(!asked.isEmpty)
        #expect(Set(index.trigrams(of: "Amina Bibi")).isSuperset(of: asked))
    }

    @Test(arguments: ["aminb", "bibi a", "xyz"])
    func `a text without the part lacks one of them`(part: String) {
        #expect(!Set(index.trigrams(of: "Amina Bibi")).isSuperset(of: index.trigrams(of: part)))
    }

    @Test(arguments: [("amina b", "amin\u{E9}a b"), ("\tNa\r\n Bi", "\u{E9}\r\nNa \u{A0}Bi")])
    func `letters of ASCII have the same tokens alone and beside others`(ascii: String, mixed: String) {
        let shared = Set(index.trigrams(of: ascii)).intersection(index.trigrams(of: mixed))
        #expect(shared.count >= 3)
        #expect(BlindIndex.normalised("\tNa\r\n Bi ") == "na bi")
    }

    @Test func `what is too short has no tokens, and tokens come once and in order`() {
        for text in ["", "  ", "a", "ab", " ab "] { #expect(index.trigrams(of: text).isEmpty) }
        let tokens = index.trigrams(of: "aaaaabaaa")
        #expect(tokens.count == 4)
        #expect(tokens == tokens.sorted())
    }
}
