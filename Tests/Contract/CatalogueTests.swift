import API
import Forms
import JSON
import Kernel
import Testing
import Web

@Suite struct CatalogueTests {
    @Test func `an endpoint's name is its own`() {
        #expect(Set(Catalogue.all.map(\.name)).count == Catalogue.all.count)
    }

    @Test func `no two endpoints clash at the gateway, nor in a service`() {
        let open = Catalogue.all.filter { if case .services = $0.access { false } else { true } }
        for table in [open] + ServiceName.allCases.map({ Catalogue.owned(by: $0) }) {
            #expect(throws: Never.self) { try Router(table.map { ($0.verb, $0.path, $0.name) }) }
        }
    }

    @Test(arguments: Catalogue.all)
    func `an endpoint says what it is for`(endpoint: Declaration) {
        #expect(!endpoint.summary.isEmpty && !endpoint.tag.isEmpty)
        let isBare = endpoint.answer.form == .bare || endpoint.answer.form == .document
        #expect(isBare || !endpoint.says.isEmpty)
        #expect(endpoint.verb != .get || !endpoint.input.readsBody)
    }

    @Test(arguments: Catalogue.all)
    func `the parameters of a path are those its input reads`(endpoint: Declaration) {
        let named = endpoint.path.segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
        let read = endpoint.input.properties.filter { $0.location == .path }.map(\.name)
        #expect(named == read)
    }

    @Test(arguments: Catalogue.all.filter(\.input.readsBody))
    func `a documented body is accepted by the form it documents`(endpoint: Declaration) throws {
        let example = try #require(endpoint.input.example, "a body needs an example")
        let path = endpoint.input.properties.filter { $0.location == .path }
            .map { ($0.name, "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90") }
        #expect(throws: Never.self) { try endpoint.input.accepts(Source(path: path, body: example)) }
        let schema = Schema.object(endpoint.input.properties.filter { $0.location == .body }).json
        #expect(SchemaCheck.faults(of: example, by: schema) == [])
    }

    @Test(arguments: Catalogue.all.filter { $0.input.readsBody && $0.verb != .patch })
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

    @Test func `one schema name means one schema`() {
        var seen: [String: Schema] = [:]
        for endpoint in Catalogue.all {
            guard let name = endpoint.answer.schemaName, let schema = endpoint.answer.schema else { continue }
            #expect(seen[name] == nil || seen[name] == schema, "two shapes are called \(name)")
            seen[name] = schema
        }
    }

    @Test func `paths for services alone are told apart by their name`() {
        for endpoint in Catalogue.all {
            let isInternal = if case .services = endpoint.access { true } else { false }
            #expect(isInternal == endpoint.path.description.hasPrefix("/internal/"))
        }
    }
}

/// A test's case is called by the endpoint's name.
extension Declaration: CustomTestStringConvertible {
    public var testDescription: String { name }
}
