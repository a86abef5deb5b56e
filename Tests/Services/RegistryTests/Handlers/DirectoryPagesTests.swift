import API
import Kernel
import Testing

@testable import Registry

@Suite struct DirectoryPagesTests {
    private static func page(_ name: String) -> WrittenListing<DoctorView> {
        let at = Instant(seconds: 1_750_000_000)
        let view = DoctorView(
            id: .make(at: at), displayName: name, firstName: name, lastName: "C", specialization: .surgery,
            isAvailable: true, createdAt: at, updatedAt: at)
        return WrittenListing(Page(items: [view], total: 1), asked: PageRequest())
    }

    private static func query(_ city: String) -> DoctorsQuery {
        var query = DoctorsQuery()
        query.city = city
        return query
    }

    /// What is given: the page kept, or one that is made now, with this name.
    private func given(
        _ pages: DirectoryPages, _ city: String = "Oslo", at changes: Int64, else name: String
    ) async throws -> Bool {
        let made = Self.page(name)
        return try await pages.page(Self.query(city), at: changes) { made }.elements == made.elements
    }

    @Test func `a page is made once while nothing changes, and anew after each change`() async throws {
        let pages = DirectoryPages()
        #expect(try await given(pages, at: 7, else: "first"))
        #expect(try await !given(pages, at: 7, else: "second"))
        #expect(try await given(pages, "Bergen", at: 7, else: "another query"))
        #expect(try await given(pages, at: 8, else: "after a change"))
        #expect(try await !given(pages, at: 8, else: "second"))
        #expect(try await given(pages, "Bergen", at: 8, else: "the other query after the change"))
        // A database that lost changes.
        #expect(try await given(pages, at: 7, else: "back again"))
    }

    @Test func `a page made while the directory changes is not given for the new state`() async throws {
        let pages = DirectoryPages()
        let query = Self.query("Oslo")
        let slow = Self.page("slow")
        let quick = Self.page("quick")
        let given = try await pages.page(query, at: 7) {
            _ = try await pages.page(query, at: 8) { quick }
            return slow
        }
        #expect(given.elements == slow.elements)
        let next = try await pages.page(query, at: 8) { quick }
        #expect(next.elements == quick.elements)
    }

    @Test func `what fails is not kept`() async throws {
        let pages = DirectoryPages()
        await #expect(throws: Problem.self) {
            _ = try await pages.page(Self.query("Oslo"), at: 7) { throw Problem.notFound }
        }
        #expect(try await given(pages, at: 7, else: "made"))
    }

    @Test func `the pages not asked for longest make room`() async throws {
        let pages = DirectoryPages(limit: 10_000)
        #expect(try await given(pages, at: 7, else: "asked for again and again"))
        for number in 0..<100 {
            #expect(try await given(pages, "City \(number)", at: 7, else: "of another city"))
            #expect(try await !given(pages, at: 7, else: "kept"))
        }
        #expect(try await given(pages, "City 0", at: 7, else: "forgotten"))
        #expect(try await !given(pages, "City 99", at: 7, else: "kept"))
    }
}
