import API
import Chassis
import JSON
import Kernel
import Testing
import Web

/// What the published document says of every endpoint that people may call.
@Suite struct OpenAPIContractTests {
    private static let all = Catalogue.all + StreamedSamples.declarations
    private static let document = OpenAPIDocument.json(all, version: Release.version)
    private static let open = all.filter { if case .services = $0.access { false } else { true } }

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

    @Test func `an upload is a form whose file is bytes and whose fields are text`() throws {
        let found = try #require(operation(StreamedSamples.upload.declaration))
        let form = try #require(found["requestBody"]?["content"]?["multipart/form-data"])
        let schema = resolved(form["schema"])
        #expect(schema?["properties"]?["file"] == ["type": "string", "format": "binary"])
        #expect(schema?["required"] == ["title", "file"])
        #expect(form["encoding"]?["file"] == ["contentType": "application/octet-stream"])
        #expect(form["encoding"]?["title"] == ["contentType": "text/plain"])
        #expect(found["x-deadline-seconds"] == 300)
        for status in ["400", "413", "415", "422"] { #expect(found["responses"]?[status] != nil, "\(status)") }
    }

    @Test func `a download is documented whole, in part, unchanged and beyond its end`() throws {
        let found = try #require(operation(StreamedSamples.download.declaration))
        let responses = found["responses"]
        for status in ["200", "206"] {
            for type in ["application/octet-stream", "*/*"] {
                #expect(responses?[status]?["content"]?[type]?["schema"]?["format"] == "binary")
            }
        }
        #expect(responses?["304"] != nil && responses?["406"] == nil)
        #expect(resolved(responses?["416"])?["headers"]?["Content-Range"] != nil)
        let names = found["parameters"]?.array?.compactMap { resolved($0)?["name"]?.string }
        #expect(names == ["id", "Range", "If-Range", "If-None-Match"])
    }

    @Test func `a stream of events says what its data is, and that it has no deadline`() throws {
        let found = try #require(operation(StreamedSamples.events.declaration))
        let content = found["responses"]?["200"]?["content"]?["text/event-stream"]
        #expect(resolved(content?["x-event-data"])?["properties"]?["title"] != nil)
        #expect(found["x-deadline-seconds"] == .null)
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

    @Test(arguments: open.filter(\.input.readsBody))
    func `all media types of a body refer to one named schema`(endpoint: Declaration) throws {
        let body = try #require(operation(endpoint)?["requestBody"])
        let references = (body["content"]?.object ?? []).map { $0.value["schema"]?["$ref"]?.string }
        #expect(Set(references).count == 1 && references.first != .some(nil))
        #expect(body["required"]?.bool != false || endpoint.verb != .patch)
    }

    @Test func `no schema is a constant, null alone or null twice, which generators of clients do not understand`() {
        func visit(_ value: JSONValue, _ path: String) {
            if value["const"] != nil { Issue.record("a constant at \(path)") }
            if value["type"]?.string == "null", !path.hasSuffix("anyOf/1") { Issue.record("null at \(path)") }
            if let choices = value["anyOf"]?.array, choices.count == 2, choices[1]["type"]?.string == "null",
                choices[0]["type"]?.array != nil
            {
                Issue.record("null twice at \(path)")
            }
            for member in value.object ?? [] { visit(member.value, "\(path)/\(member.key)") }
            for (index, element) in (value.array ?? []).enumerated() { visit(element, "\(path)/\(index)") }
        }
        visit(Self.document, "#")
    }

    @Test(arguments: open)
    func `parameters of the path come first and headers last`(endpoint: Declaration) {
        let order = ["path", "query", "header"]
        let ranks = (operation(endpoint)?["parameters"]?.array ?? []).map { parameter in
            order.firstIndex(of: resolved(parameter)?["in"]?.string ?? "")
        }
        #expect(ranks.allSatisfy { $0 != nil })
        #expect(ranks.compactMap { $0 } == ranks.compactMap { $0 }.sorted())
    }
}
