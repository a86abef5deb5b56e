package import API
import Forms
package import JSON
import Kernel

/// The contract as OpenAPI 3.1, made from the declarations themselves, so that it can neither forget an endpoint nor
/// lie about one. Made once at the start.
package enum OpenAPIDocument {
    /// - Parameters:
    ///   - version: of the interface.
    ///   - server: the address clients call, `https://host`.
    package static func json(
        _ declarations: [Declaration], version: String, server: String = "/"
    ) -> JSONValue {
        let shown = declarations.filter { declaration in
            if case .services = declaration.access { false } else { true }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Praxis", "version": .string(version),
                "description": .string(Self.introduction),
            ],
            "servers": [["url": .string(server)]],
            "tags": .array(tags(shown)),
            "paths": .object(paths(shown)),
            "components": OpenAPIComponents.json(shown),
        ]
    }

    private static let introduction = """
        Every path is served with and without a trailing slash. Answers stand in an envelope (`success`, `message`, \
        `data`); `Accept: application/json; profile=plain` asks for bare resources, `Accept: application/problem+json` \
        for errors as RFC 9457 words them.
        """

    private static func tags(_ declarations: [Declaration]) -> [JSONValue] {
        var seen: Set<String> = []
        return declarations.map(\.tag).filter { seen.insert($0).inserted }.map { ["name": .string($0)] }
    }

    /// Paths in the order they were declared, each with all its methods.
    private static func paths(_ declarations: [Declaration]) -> [JSONMember] {
        var order: [String] = []
        var operations: [String: [JSONMember]] = [:]
        for declaration in declarations {
            let path = declaration.path.description
            if operations[path] == nil { order.append(path) }
            operations[path, default: []].append(
                JSONMember(key: declaration.verb.rawValue.lowercased(), value: OpenAPIOperation(declaration).json))
        }
        return order.map { JSONMember(key: $0, value: .object(operations[$0] ?? [])) }
    }
}
