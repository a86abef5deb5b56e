import API
import Crypto
import HTTP
import JSON
import Kernel
import Testing

@testable import Web

/// Lists give out signed cursors and take none but their own back, whatever a store would make of the text.
@Suite struct CursorTests {
    private func next(after target: String, in notes: Notes) async throws -> String {
        let answer = try await notes.ask(.get, target)
        #expect(answer.status == 200)
        let link = try #require(answer.json?["next"]?.string)
        return String(try #require(link.split(separator: "cursor=").last).prefix { $0 != "&" })
    }

    private func titles(_ target: String, in notes: Notes) async throws -> [String] {
        try await notes.ask(.get, target).json?["data"]?.array?.compactMap { $0["title"]?.string } ?? []
    }

    @Test func `a list goes on where its own cursor says`() async throws {
        let notes = try Notes()
        let first = try await next(after: "/api/notes?cursor=", in: notes)
        #expect(try await titles("/api/notes?cursor=\(first)", in: notes) == ["note 1"])
        let second = try await next(after: "/api/notes?cursor=\(first)&page_size=3", in: notes)
        #expect(try await titles("/api/notes?page_size=7&cursor=\(second)", in: notes) == ["note 2"])
    }

    @Test(arguments: [
        "x", "1/", "-9223372036854775808_01a21fc8-7f30-70c0-9ccc-29a2bba79fff", "9223372036854775807",
        "AQAAAAAAAAAAAAAAAAAAAAAxLw", "AQ",
    ])
    func `a cursor that somebody made up is a fault of its field`(cursor: String) async throws {
        let answer = try await Notes().ask(.get, "/api/notes?cursor=\(cursor)")
        #expect(answer.status == 400)
        #expect(answer.json?["errors"]?["cursor"] != nil)
    }

    @Test func `a cursor with one character changed is refused, whichever it is`() async throws {
        let notes = try Notes()
        let given = Array(try await next(after: "/api/notes?cursor=", in: notes).utf8)
        for index in given.indices {
            var changed = given
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let answer = try await notes.ask(.get, "/api/notes?cursor=\(String(decoding: changed, as: UTF8.self))")
            #expect(answer.status == 400)
        }
    }

    @Test func `a cursor belongs to one list with its filters and order, and to one service's key`() throws {
        let signer = try CursorSigner(secret: Notes.master)
        let notes = list(NotesAPI.list.declaration, [("search", "milk")])
        let text = signer.write("1/", of: notes)
        #expect(signer.read(text, of: notes) == "1/")
        #expect(
            signer.read(text, of: list(NotesAPI.list.declaration, [("page_size", "9"), ("search", "milk")]))
                == "1/")
        #expect(signer.read(text, of: list(NotesAPI.list.declaration, [("search", "tea")])) == nil)
        #expect(signer.read(text, of: list(NotesAPI.list.declaration, [])) == nil)
        #expect(signer.read(text, of: list(NotesAPI.find.declaration, [("search", "milk")])) == nil)
        let other = try CursorSigner(secret: Secret("another secret of more than 32 bytes"))
        #expect(other.read(text, of: notes) == nil)
    }

    private func list(_ declaration: Declaration, _ query: [(name: String, value: String)]) -> CursorList {
        CursorList(declaration.name, CursorList.filters(of: declaration), query)
    }
}
