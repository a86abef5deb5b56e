import API
import Net
import Postgres
import Settings

/// The tables of one service, asked by the operator.
struct ServiceTables: Sendable {
    private let name: ServiceName
    private let settings: DatabaseSettings

    init(_ name: ServiceName, for who: Operator) throws {
        self.name = name
        let address = try who.read(DatabaseSource(service: name.rawValue))
        settings = DatabaseSettings(
            url: address.connectionString, schema: name.rawValue, applicationName: "praxis events",
            pooler: try who.pooler())
    }

    func ask<Answer: Sendable>(_ question: @escaping @Sendable (Database) async throws -> Answer) async throws -> Answer
    {
        try await Network.use { group in
            do {
                return try await question(Database(settings, group: group))
            } catch {
                throw Failure(
                    .unavailable, "The tables of \(name.rawValue) cannot be asked: is it migrated, does PostgreSQL run?"
                )
            }
        }
    }
}
