import API
import Chassis
import Testing
import Web

@Suite struct CompletenessTests {
    private let declared = [ServiceFixture.add.declaration, ServiceFixture.other.declaration]

    private func routes(_ endpoints: Endpoint<NoInput, Created<ServiceFixture.NoteView>>...) -> Routes {
        var routes = Routes()
        for endpoint in endpoints {
            routes.serve(endpoint) { _, _ in Created(ServiceFixture.NoteView(title: ""), at: nil) }
        }
        return routes
    }

    @Test func `a declared endpoint without a handler stops the start, and is named`() {
        #expect(throws: Never.self) {
            try Completeness.check(routes(ServiceFixture.add, ServiceFixture.other), of: .registry, declared: declared)
        }
        #expect { try Completeness.check(routes(ServiceFixture.add), of: .registry, declared: declared) } throws: {
            "\($0)".contains("addOther")
        }
    }

    @Test func `a service serves nothing that is not its own`() {
        #expect { try Completeness.check(routes(ServiceFixture.add), of: .identity, declared: declared) } throws: {
            "\($0)".contains("addNote")
        }
    }
}
