import JSON
import Testing

@Suite struct SchemaCheckTests {
    private let schema: JSONValue = [
        "type": "object", "required": ["name"],
        "properties": [
            "name": ["type": "string", "minLength": 2, "maxLength": 4],
            "kind": ["type": ["string", "null"], "enum": ["a", nil]],
            "years": ["type": "integer", "minimum": 0, "maximum": 80],
            "tags": ["type": "array", "items": ["type": "string"]],
        ],
    ]

    @Test func `what fits has no faults`() {
        #expect(
            SchemaCheck.faults(of: ["name": "Ada", "kind": nil, "years": 3, "tags": ["x"], "more": 1], by: schema) == []
        )
    }

    private static let misfits: [(JSONValue, String)] = [
        (.object([]), "$.name is missing"), (["name": 1], "$.name is no string"),
        (["name": "A"], "$.name is shorter than 2"), (["name": "Countess"], "$.name is longer than 4"),
        (["name": "Ada", "kind": "b"], "$.kind is none of enum"),
        (["name": "Ada", "years": 81], "$.years is above 80.0"),
        (["name": "Ada", "tags": ["x", 1]], "$.tags[1] is no string"), ([1], "$ is no object"),
    ]

    @Test(arguments: misfits)
    func `each fault is reported with its path`(value: JSONValue, fault: String) {
        #expect(SchemaCheck.faults(of: value, by: schema) == [fault])
    }
}
