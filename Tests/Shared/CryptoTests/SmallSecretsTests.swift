import Crypto
import Kernel
import Testing

@Suite struct OneTimeCodeTests {
    private let key = HMACKey(Secret("key"))

    @Test func `a code has its digits, and leading zeros too`() {
        let codes = (0..<300).map { _ in OneTimeCode.make().expose() }
        #expect(codes.allSatisfy { $0.utf8.count == 6 && $0.allSatisfy(\.isNumber) })
        #expect(codes.contains { $0.hasPrefix("0") })
        #expect(Set(codes).count > 290)
        #expect(OneTimeCode.make(digits: 8).expose().utf8.count == 8)
    }

    @Test func `a code matches for what it was made and nothing else`() {
        let stored = OneTimeCode.stored(Secret("012345"), binding: "patient 7", key: key)
        #expect(OneTimeCode.matches(Secret("012345"), binding: "patient 7", stored: stored, key: key))
        #expect(!OneTimeCode.matches(Secret("12345"), binding: "patient 7", stored: stored, key: key))
        #expect(!OneTimeCode.matches(Secret("012345"), binding: "patient 8", stored: stored, key: key))
        #expect(!OneTimeCode.matches(Secret("012345"), binding: "patient 7", stored: [], key: key))
        #expect(!OneTimeCode.matches(Secret("012345"), binding: "patient 7", stored: stored, key: HMACKey(Secret("k"))))
    }
}

@Suite struct OpaqueTokenTests {
    @Test func `a token is found again by what is stored`() {
        let token = OpaqueToken.make()
        #expect(token.text.expose().utf8.count == 43)
        #expect(OpaqueToken.stored(for: token.text.expose()) == token.stored)
        #expect(OpaqueToken.make().stored != token.stored)
        #expect(!"\(token)".contains(token.text.expose()))
    }

    @Test(arguments: [
        "", "x", String(repeating: "A", count: 42), String(repeating: "A", count: 44),
        String(repeating: "=", count: 43),
    ])
    func `what cannot be a token is not looked up`(text: String) {
        #expect(OpaqueToken.stored(for: text) == nil)
    }
}

@Suite struct PairKeyTests {
    private let master = Secret("a master secret of at least 32 bytes")

    private func pair(_ from: String, _ to: String) throws -> PairKey {
        try PairKey.derive(master: master, from: from, to: to)
    }

    @Test func `each pair signs with a key of its own, in each direction`() throws {
        let message = Array("GET /a".utf8)
        let signature = try pair("gateway", "registry").sign(message)
        #expect(signature.count == 32)
        #expect(try signature == pair("gateway", "registry").sign(message))
        #expect(try signature != pair("registry", "gateway").sign(message))
        #expect(try signature != pair("gateway", "identity").sign(message))
        #expect(try signature != pair("gateway", "registry").sign(Array("GET /b".utf8)))
    }

    @Test func `an issued key is the derived one`() throws {
        let issued = try PairKey.issue(master: master, from: "gateway", to: "registry")
        let key = try PairKey(from: "gateway", to: "registry", issued: issued)
        #expect(try key.sign([1, 2, 3]) == pair("gateway", "registry").sign([1, 2, 3]))
        #expect(throws: CryptoFault.self) { try PairKey(from: "a", to: "b", issued: Secret("AAAA")) }
        #expect(throws: CryptoFault.self) { try PairKey.derive(master: Secret("short"), from: "a", to: "b") }
        #expect(!"\(key)".contains(issued.expose()))
    }

    @Test func `no two lists of fields give the same bytes`() {
        #expect(CanonicalText.text([("a", "b")]) == "1:a=1:b\n")
        #expect(CanonicalText.bytes([("a", "1\n1:b=1:2")]) != CanonicalText.bytes([("a", "1"), ("b", "2")]))
        #expect(CanonicalText.bytes([("ab", "c")]) != CanonicalText.bytes([("a", "bc")]))
    }
}
