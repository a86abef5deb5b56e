import API
import Forms
import JSON
import Testing
import Web

@Suite struct OpenAPITests {
    private let document = OpenAPIDocument.json(NotesAPI.declarations, version: "1.0")
    private let catalogue = OpenAPIDocument.json(Catalogue.all, version: "1.0")

    private func operation(_ path: String, _ method: String) -> JSONValue? { document["paths"]?[path]?[method] }

    @Test func `every endpoint for people is there, those between services are not`() {
        #expect(operation("/api/notes", "post")?["operationId"] == "addNote")
        #expect(operation("/api/notes", "get")?["operationId"] == "listNotes")
        #expect(document["paths"]?["/api/notes/token"] == nil)
        let operations = catalogue["paths"]?.object?.flatMap { $0.value.object ?? [] } ?? []
        let open = Catalogue.all.filter { if case .services = $0.access { false } else { true } }
        #expect(Set(operations.compactMap { $0.value["operationId"]?.string }) == Set(open.map(\.name)))
        #expect(operations.count == open.count)
    }

    @Test func `an answer is described in both profiles, with its headers`() {
        let created = operation("/api/notes", "post")?["responses"]?["201"]
        let enveloped = created?["content"]?["application/json"]?["schema"]
        #expect(enveloped?["properties"]?["data"] == ["$ref": "#/components/schemas/Note"])
        #expect(
            created?["content"]?["application/json; profile=plain"]?["schema"] == ["$ref": "#/components/schemas/Note"])
        #expect(created?["headers"]?["Location"] != nil)
        let page = operation("/api/notes", "get")?["responses"]?["200"]?["content"]
        #expect(page?["application/json"]?["schema"]?["properties"]?["data"]?["type"] == "array")
        #expect(page?["application/json; profile=plain"]?["schema"]?["properties"]?["results"]?["type"] == "array")
        #expect(operation("/api/notes/{id}", "delete")?["responses"]?["204"] != nil)
    }

    @Test func `what follows from a declaration is said of it`() {
        let add = operation("/api/notes", "post")
        for status in ["400", "401", "406", "409", "413", "415", "422", "429", "500", "503"] {
            #expect(
                add?["responses"]?[status] == ["$ref": .string("#/components/responses/Problem\(status)")], "\(status)")
        }
        // An administrator who must set up a second factor first is refused everywhere but there.
        #expect(add?["responses"]?["403"] != nil)
        #expect(add?["security"] == [["bearerAuth": []]])
        #expect(add?["requestBody"]?["content"]?["application/json"]?["example"] == ["title": "Milk"])
        let list = operation("/api/notes", "get")
        #expect(list?["security"] == [[:]])
        #expect(list?["responses"]?["401"] == nil && list?["responses"]?["403"] == nil)
        // Open also to whoever must set up a second factor, or choose a password, first.
        let logOut = catalogue["paths"]?["/api/auth/logout"]?["post"]?["responses"]
        #expect(logOut?["401"] != nil && logOut?["403"] == nil)
        #expect(
            list?["parameters"]?.array?.compactMap { $0["name"]?.string } == ["page", "page_size", "cursor", "search"])
        let change = operation("/api/notes/{id}", "patch")
        #expect(change?["responses"]?["403"] != nil)
        #expect(change?["requestBody"]?["content"]?["application/merge-patch+json"] != nil)
    }

    @Test func `every reference leads somewhere`() {
        for document in [document, catalogue] {
            for reference in references(document) {
                let component = reference.split(separator: "/").dropFirst().reduce(JSONValue?.some(document)) {
                    $0?[String($1)]
                }
                #expect(component != nil, "\(reference)")
            }
        }
    }

    @Test func `no two views share a name`() {
        var schemas: [String: JSONValue] = [:]
        for answer in Catalogue.all.map(\.answer) {
            guard let name = answer.schemaName, let schema = answer.schema?.json else { continue }
            #expect(schemas[name] == nil || schemas[name] == schema, "\(name)")
            schemas[name] = schema
        }
    }

    private func references(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let members):
            members.flatMap { member in
                member.key == "$ref" ? [member.value.string].compactMap { $0 } : references(member.value)
            }
        case .array(let elements): elements.flatMap { references($0) }
        default: []
        }
    }
}
