import Crypto
import Kernel
import Testing

private func bytes(_ hex: String) -> [UInt8] { Hex.decode(hex) ?? [] }

@Suite struct DigestTests {
    @Test func `SHA-256 gives the vectors of FIPS 180-4`() {
        #expect(Hex.encode(Digest.sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Hex.encode(Digest.sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Hex.encode(Digest.sha384(Array("abc".utf8))).hasPrefix("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"))
    }
}

@Suite struct HMACTests {
    struct Vector: Sendable {
        let key, data, sha256, sha384: String
    }

    static let vectors = [
        Vector(
            key: String(repeating: "0b", count: 20), data: "4869205468657265",
            sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            sha384: "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6"),
        Vector(
            key: "4a656665", data: "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            sha384: "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"),
        Vector(
            key: String(repeating: "aa", count: 20), data: String(repeating: "dd", count: 50),
            sha256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            sha384: "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27"),
        Vector(
            key: String(repeating: "aa", count: 131),
            data:
                "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65"
                + "204b6579202d2048617368204b6579204669727374",
            sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            sha384: "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952"),
    ]

    @Test(arguments: vectors)
    func `HMAC gives the vectors of RFC 4231, again and again from one key`(vector: Vector) {
        let short = HMACKey(bytes(vector.key), .sha256)
        let long = HMACKey(bytes(vector.key), .sha384)
        for _ in 0..<3 {
            #expect(Hex.encode(short.sign(bytes(vector.data))) == vector.sha256)
            #expect(Hex.encode(long.sign(bytes(vector.data))) == vector.sha384)
        }
    }

    @Test func `a signature verifies whole or not at all`() {
        let key = HMACKey(Secret("key"))
        let signature = key.sign("message")
        #expect(key.verify(signature, for: Array("message".utf8)))
        #expect(!key.verify(Array(signature.dropLast()), for: Array("message".utf8)))
        #expect(!key.verify(signature + [0], for: Array("message".utf8)))
        #expect(!key.verify([], for: Array("message".utf8)))
        #expect(!HMACKey(Secret("kez")).verify(signature, for: Array("message".utf8)))
    }

    @Test func `an empty key and an empty message are possible`() {
        #expect(
            Hex.encode(HMACKey([UInt8]()).sign([UInt8]()))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func `one key serves many threads at once`() async {
        let key = HMACKey(Secret("key"))
        let expected = key.sign("m")
        let wrong = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<2000).reduce(0) { sum, _ in sum + (key.sign("m") == expected ? 0 : 1) } }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}

@Suite struct HKDFTests {
    @Test func `HKDF gives the vectors of RFC 5869`() throws {
        let first = try HKDF.derive(
            bytes(String(repeating: "0b", count: 22)), salt: bytes("000102030405060708090a0b0c"),
            info: bytes("f0f1f2f3f4f5f6f7f8f9"), count: 42)
        #expect(
            Hex.encode(first) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
        let third = try HKDF.derive(bytes(String(repeating: "0b", count: 22)), info: [], count: 42)
        #expect(
            Hex.encode(third) == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
    }

    @Test func `what HKDF cannot give is refused`() {
        #expect(throws: CryptoFault.self) { try HKDF.derive([1], info: [], count: 0) }
        #expect(throws: CryptoFault.self) { try HKDF.derive([1], info: [], count: 8161) }
    }
}

@Suite struct EncodingTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `base64 gives the vectors of RFC 4648`(plain: String, text: String) {
        #expect(Base64URL.encode(plain) == text)
        #expect(Base64URL.decode(text) == Array(plain.utf8))
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        #expect(Base64.encode(Array(plain.utf8)) == padded)
        #expect(Base64.decode(padded) == Array(plain.utf8))
    }

    @Test(arguments: [
        "Z", "Zg=", "Zg==", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9vY", "Zm\u{0}v", "é",
    ])
    func `base64url that is not canonical is refused`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(arguments: ["Zg", "Zg=", "Zh==", "Zg===", "=Zg=", "Zm9v====", "Z===", "-_-_"])
    func `base64 that is not canonical is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `every byte goes there and back`() {
        for count in 0..<70 {
            let random = Random.bytes(count)
            #expect(Base64URL.decode(Base64URL.encode(random)) == random)
            #expect(Base64.decode(Base64.encode(random)) == random)
            #expect(Hex.decode(Hex.encode(random)) == random)
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
    }

    @Test func `hexadecimal is whole and of digits`() {
        #expect(Hex.decode("0aFF") == [10, 255])
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0g") == nil)
        #expect(Hex.decode("+1") == nil)
    }
}

@Suite struct RandomTests {
    @Test func `random bytes differ and have the length asked for`() {
        #expect(Random.bytes(32) != Random.bytes(32))
        #expect(Random.bytes(0).isEmpty)
        #expect(Random.bytes(7).count == 7)
    }

    @Test func `every digit comes up`() {
        #expect(Set((0..<500).map { _ in Random.below(10) }) == Set(0..<10))
    }
}
