import API
import HTTP
import Kernel
import Testing
import Web

@Suite struct PrincipalTests {
    private let target = "/api/notes?page=1"

    private func verified(
        _ header: String?, method: String = "GET", target: String? = nil, by clock: Notes.GivenClock = .init()
    ) throws -> Principal {
        let keys = try PairKeys(master: Notes.master, of: .registry)
        return try PrincipalVerifier(.registry, keys: keys, clock: clock)
            .verify(header, method: method, target: target ?? self.target).principal
    }

    private func signed(
        _ principal: Principal = Notes.principal(Notes.doctor), by name: ServiceName = .gateway,
        to receiver: ServiceName = .registry
    ) throws -> String {
        var headers = Headers()
        #expect(try Notes.signer(name).sign(principal, to: receiver, method: "GET", target: target, into: &headers))
        return try #require(headers["x-praxis-principal"])
    }

    @Test func `what the gateway has established arrives as it was`() throws {
        #expect(try verified(signed()) == Notes.principal(Notes.doctor))
        #expect(try verified(signed(Notes.principal(nil))) == Notes.principal(nil))
        #expect(try verified(signed(Notes.principal(Notes.staff))) == Notes.principal(Notes.staff))
    }

    @Test func `it is good for one request, one receiver and one minute`() throws {
        let header = try signed()
        #expect(throws: PrincipalVerifier.Refusal.notSigned) { try verified(header, method: "DELETE") }
        #expect(throws: PrincipalVerifier.Refusal.notSigned) { try verified(header, target: "/api/notes?page=2") }
        var clock = Notes.GivenClock()
        clock.now = clock.now + .seconds(60)
        #expect(throws: Never.self) { try verified(header, by: clock) }
        clock.now = clock.now + .seconds(1)
        #expect(throws: PrincipalVerifier.Refusal.notSigned) { try verified(header, by: clock) }
        clock.now = clock.now - .seconds(67)
        #expect(throws: PrincipalVerifier.Refusal.notSigned) { try verified(header, by: clock) }
        let toOther = try signed(to: .identity)
        #expect(throws: PrincipalVerifier.Refusal.notSigned) { try verified(toOther) }
    }

    @Test func `not one character can be changed`() throws {
        let header = try signed()
        for index in header.indices {
            var changed = header
            changed.replaceSubrange(index...index, with: header[index] == "A" ? "B" : "A")
            #expect(throws: PrincipalVerifier.Refusal.self) { try verified(changed) }
        }
        for wrong in [nil, "", "1", "AAAA gateway", "          ", String(repeating: "A", count: 5000)] {
            #expect(throws: PrincipalVerifier.Refusal.self) { try verified(wrong) }
        }
    }

    @Test func `a service cannot speak as another`() throws {
        let asItself = try signed(by: .scheduling)
        #expect(throws: Never.self) { try verified(asItself) }
        let asGateway = asItself.replacing(" scheduling ", with: " gateway ")
        #expect(asGateway != asItself)
        #expect(throws: PrincipalVerifier.Refusal.notSigned) { try verified(asGateway) }
    }

    @Test func `blanks and line ends in a word cannot make another word`() throws {
        let sneaky = Principal(
            caller: nil, requestID: "r r", clientAddress: "a\r\n", baseURL: "o\u{0}", userAgent: "x\nadmin\r\n\u{0}")
        let read = try verified(signed(sneaky))
        #expect(read.caller == nil)
        #expect(read.requestID == "r_r")
        #expect(read.clientAddress == "a__")
        #expect(read.baseURL == "o_")
        #expect(read.userAgent == "x admin")
    }

    @Test func `a long user agent is cut between characters`() throws {
        let long = Principal(caller: nil, requestID: "r", userAgent: "x" + String(repeating: "é", count: 200))
        #expect(try verified(signed(long)).userAgent == "x" + String(repeating: "é", count: 127))
    }

    @Test func `a request without a good principal is nobody's`() async throws {
        let notes = try Notes()
        let bare = await notes.handler.answer(try Request(.get, "/api/notes"))
        #expect(bare.status.code == 401)
        var headers = Headers()
        headers.add("X-Praxis-Principal", try signed())
        let elsewhere = await notes.handler.answer(try Request(.get, "/api/notes?page=3", headers: headers))
        #expect(elsewhere.status.code == 401)
    }

    @Test func `keys are read as they are issued, and a bad line is named by its number alone`() throws {
        let lines =
            "gateway>registry=" + String(repeating: "A", count: 43) + "\nregistry>identity="
            + String(repeating: "B", count: 42) + "A"
        let keys = try PairKeys(Secret(lines))
        #expect(keys.key(from: .gateway, to: .registry) != nil)
        #expect(keys.key(from: .registry, to: .gateway) == nil)
        #expect(throws: PairKeys.Fault(line: 2)) { try PairKeys(Secret("\(lines.prefix(60))\nx=y")) }
    }
}
