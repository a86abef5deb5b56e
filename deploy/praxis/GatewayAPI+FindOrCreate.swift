import API
import JSON

extension GatewayAPI {
    /// The entry of a list with the same value under `key`; creates it where there is none.
    /// - Parameter search: narrows a list that may be longer than a page.
    func findOrCreate(
        _ body: JSONValue, _ creates: Declaration, among lists: Declaration, by key: String, search: String? = nil,
        as token: String
    ) async throws -> JSONValue {
        let query = (search.map { "search=\($0)&" } ?? "") + "page_size=100"
        let listed = try await data(lists, query: query, as: token).array ?? []
        if let known = listed.first(where: { $0[key] == body[key] }) { return known }
        return try await data(creates, body: body, as: token)
    }

    /// The id of a person's entry, found by their last name or created.
    func idOfPerson(
        _ body: JSONValue, _ creates: Declaration, among lists: Declaration, by key: String, as token: String
    ) async throws -> String {
        let entry = try await findOrCreate(
            body, creates, among: lists, by: key, search: body["last_name"]?.string, as: token)
        guard let id = entry["id"]?.string else {
            throw Failure(.unavailable, "The gateway names no id in \(creates.name).")
        }
        return id
    }
}
