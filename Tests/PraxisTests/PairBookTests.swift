import API
import Crypto
import Kernel
import Praxis
import Testing
import Web

@Suite struct PairBookTests {
    private let master = Secret("a master secret of at least thirty-two bytes")

    @Test func `both ends of a pair get the same key, and nobody else gets it`() throws {
        let gateway = try PairKeys(PairBook.keys(of: .gateway, master: master))
        let identity = try PairKeys(PairBook.keys(of: .identity, master: master))
        let registry = try PairKeys(PairBook.keys(of: .registry, master: master))
        #expect(gateway.key(from: .gateway, to: .identity) != nil)
        #expect(identity.key(from: .gateway, to: .identity) != nil)
        #expect(registry.key(from: .gateway, to: .identity) == nil)
        #expect(identity.key(from: .gateway, to: .registry) == nil)
    }

    /// Tests/Launch/test_keys.py holds the same line: the launcher derives what this command issues.
    @Test func `a key is what it always was`() throws {
        let lines = try PairBook.keys(of: .gateway, master: master).expose().split(separator: "\n")
        #expect(lines.first == "gateway>identity=w5mOm4Ig_59MF63-QPuokbwVBoV266WRT72D34sW6H8")
    }

    @Test func `every service that is called in its caller's declarations has a pair`() {
        let pairs = PairBook.calls.flatMap { call in call.to.map { "\(call.from)>\($0)" } }
        #expect(Set(pairs).count == pairs.count)
        for declaration in Catalogue.all {
            guard case .services(let callers) = declaration.access else { continue }
            for caller in callers { #expect(pairs.contains("\(caller)>\(declaration.owner)")) }
        }
        for owner in Set(Catalogue.all.map(\.owner)) where owner != .gateway {
            #expect(pairs.contains("gateway>\(owner)"))
        }
    }
}
