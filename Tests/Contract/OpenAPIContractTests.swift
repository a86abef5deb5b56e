import API
import Chassis
import JSON
import Kernel
import Testing
import Web

/// What the published document says of every endpoint that people may call.
@Suite struct OpenAPIContractTests {
    private static let document = OpenAPIDocument.json(Catalogue.all, version: Release.version)
    private static let open = Catalogue.all.filter { if case .services = $0.access { false } else { true } }

    private func operation(_ endpoint: Declaration) -> JSONValue? {
        Self.document["paths"]?[endpoint.path.description]?[endpoint.verb.rawValue.lowercased()]
    }

    /// The thing itself, where a part of the document only names it.
    private func resolved(_ value: JSONValue?) -> JSONValue? {
        guard let reference = value?["$ref"]?.string else { return value }
        return reference.split(separator: "/").dropFirst().reduce(JSONValue?.some(Self.document)) { $0?[String($1)] }
    }

    @Test(arguments: open)
    func `an endpoint is documented under its own name, once`(endpoint: Declaration) throws {
        let found = try #require(operation(endpoint))
        #expect(found["operationId"]?.string == endpoint.name)
        #expect(found["summary"]?.string == endpoint.summary)
        #expect(found["tags"]?.array == [.string(endpoint.tag)])
    }

    @Test func `an operation's id is its own`() {
        let ids = (Self.document["paths"]?.object ?? []).flatMap { path in
            (path.value.object ?? []).compactMap { $0.value["operationId"]?.string }
        }
        #expect(ids.count == Self.open.count)
        #expect(Set(ids).count == ids.count)
    }

    @Test(arguments: open.filter { [.item, .list, .members].contains($0.answer.form) })
    func `a success is documented in both profiles`(endpoint: Declaration) throws {
        let answer = resolved(operation(endpoint)?["responses"]?[String(endpoint.answer.status)])
        #expect(resolved(answer?["content"]?["application/json"]?["schema"]) != nil)
        #expect(resolved(answer?["content"]?["application/json; profile=plain"]?["schema"]) != nil)
    }

    @Test(arguments: open)
    func `every refusal an endpoint declares has its status in the document`(endpoint: Declaration) throws {
        let responses = try #require(operation(endpoint)?["responses"])
        for code in endpoint.refuses {
            let status = String(code.status(validation: endpoint.validation))
            #expect(responses[status] != nil, "\(code.rawValue) is \(status)")
        }
    }

    @Test(arguments: open.filter(\.input.readsBody))
    func `a documented body fits the schema beside it`(endpoint: Declaration) throws {
        let content = try #require(operation(endpoint)?["requestBody"]?["content"]?.object)
        for type in content {
            let schema = try #require(resolved(type.value["schema"]))
            let example = try #require(type.value["example"])
            #expect(SchemaCheck.faults(of: example, by: schema) == [])
        }
    }
}
