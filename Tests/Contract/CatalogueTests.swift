import API
import Forms
import JSON
import Kernel
import Testing
import Web

@Suite struct CatalogueTests {
    private static let all = Catalogue.all + StreamedSamples.declarations

    @Test func `an endpoint's name is its own`() {
        #expect(Set(Self.all.map(\.name)).count == Self.all.count)
    }

    @Test func `no two endpoints clash at the gateway, nor in a service`() {
        let open = Self.all.filter { if case .services = $0.access { false } else { true } }
        for table in [open] + ServiceName.allCases.map({ Catalogue.owned(by: $0) }) {
            #expect(throws: Never.self) { try Router(table.map { ($0.verb, $0.path, $0.name) }) }
        }
    }

    @Test(arguments: all)
    func `an endpoint says what it is for`(endpoint: Declaration) {
        #expect(!endpoint.summary.isEmpty && !endpoint.tag.isEmpty)
        let isBare = endpoint.answer.form == .bare || endpoint.answer.form == .document
        #expect(isBare || !endpoint.says.isEmpty)
        #expect(endpoint.verb != .get || !endpoint.input.readsBody)
    }

    @Test(arguments: all)
    func `the parameters of a path are those its input reads`(endpoint: Declaration) {
        let named = endpoint.path.segments.compactMap { if case .parameter(let name, _, _) = $0 { name } else { nil } }
        let read = endpoint.input.properties.filter { $0.location == .path }.map(\.name)
        #expect(named == read)
    }

    @Test(arguments: all.filter(\.input.readsBody))
    func `a documented body is accepted by the form it documents`(endpoint: Declaration) throws {
        let example = try #require(endpoint.input.example, "a body needs an example")
        let path = endpoint.input.properties.filter { $0.location == .path }
            .map { ($0.name, "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90") }
        #expect(throws: Never.self) { try endpoint.input.accepts(Source(path: path, body: example)) }
        let schema = Schema.object(endpoint.input.properties.filter { $0.location == .body }).json
        #expect(SchemaCheck.faults(of: example, by: schema) == [])
    }

    @Test(arguments: all.filter { $0.input.readsBody && $0.verb != .patch })
    func `an empty body is refused with every required field by name`(endpoint: Declaration) {
        let path = endpoint.input.properties.filter { $0.location == .path }
            .map { ($0.name, "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90") }
        let required = endpoint.input.properties.filter { $0.location == .body && $0.isRequired }.map(\.name)
        do {
            try endpoint.input.accepts(Source(path: path, body: .object([])))
            #expect(required.isEmpty)
        } catch {
            #expect(Set(required).isSubset(of: Set(error.errors.map(\.field))))
        }
    }

    @Test(arguments: all)
    func `what streams out is read and not kept, and only a stream of events has no end`(endpoint: Declaration) {
        let form = endpoint.answer.form
        if form == .download || form == .events { #expect(endpoint.verb == .get && endpoint.cacheSeconds == nil) }
        #expect((form == .events) == (endpoint.timeLimit == .unlimited))
        if endpoint.input.bodyForm == .multipart { #expect(endpoint.verb == .post || endpoint.verb == .put) }
    }

    @Test func `one schema name means one schema`() {
        var seen: [String: Schema] = [:]
        for endpoint in Self.all {
            guard let name = endpoint.answer.schemaName, let schema = endpoint.answer.schema else { continue }
            #expect(seen[name] == nil || seen[name] == schema, "two shapes are called \(name)")
            seen[name] = schema
        }
    }

    @Test func `paths for services alone are told apart by their name`() {
        for endpoint in Self.all {
            let isInternal = if case .services = endpoint.access { true } else { false }
            #expect(isInternal == endpoint.path.description.hasPrefix("/internal/"))
        }
    }
}

/// A test's case is called by the endpoint's name.
extension Declaration: CustomTestStringConvertible {
    public var testDescription: String { name }
}
