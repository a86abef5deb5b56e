import API
import Testing
import Web

@Suite struct PageLinksTests {
    private func links(page: Int?, size: Int = 20, total: Int?, cursor: String? = nil, _ target: String) -> PageLinks {
        PageLinks(
            ListFrame(page: page, size: size, total: total, nextCursor: cursor), origin: "https://h", target: target)
    }

    @Test func `the only page has no neighbours`() {
        let links = links(page: 1, total: 20, "/api/x")
        #expect(links.next == nil)
        #expect(links.previous == nil)
        #expect(links.header == "<https://h/api/x?page=1>; rel=\"first\"")
    }

    @Test func `the first page leads to the second, and keeps what else was asked`() {
        #expect(links(page: 1, total: 21, "/api/x/?q=1&&r").next == "https://h/api/x/?q=1&r&page=2")
        #expect(links(page: 2, total: 21, "/api/x?page=2&page=9&q=1").previous == "https://h/api/x?page=1&q=1")
    }

    @Test func `a numbered page of what is not counted goes on while there is more`() {
        #expect(links(page: 1, total: nil, cursor: "7", "/api/x").next == "https://h/api/x?page=2")
        #expect(links(page: 2, total: nil, cursor: nil, "/api/x?page=2").next == nil)
    }

    @Test func `a cursor goes on by cursor`() {
        let links = links(page: nil, total: nil, cursor: "a+/=&b", "/api/x?page=3&cursor=old")
        #expect(links.next == "https://h/api/x?cursor=a%2B%2F%3D%26b")
        #expect(links.previous == nil)
        #expect(links.first == nil)
    }

    @Test func `a target too long to be repeated has no Link, and its links in the body all the same`() {
        let links = links(page: 2, total: 100, "/api/x?q=" + String(repeating: "a", count: 3_000))
        #expect(links.header == nil)
        #expect(links.next?.hasSuffix("&page=3") == true && links.previous != nil)
    }

    @Test func `nothing a client sends can end a link early`() {
        let header = links(page: 1, total: 21, "/api/x?q=\">, <https://evil>\u{E9}").header
        #expect(header?.contains("%22%3E,%20%3Chttps://evil%3E%C3%A9") == true)
    }

    @Test func `a page beyond all numbers has no next`() {
        #expect(links(page: .max, total: 21, "/x").next == nil)
    }
}
