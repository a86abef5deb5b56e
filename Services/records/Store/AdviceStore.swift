package import API
import Chassis
import Crypto
import JSON
package import Kernel
import Lifecycle
package import Postgres
package import RecordsDomain
package import Sealing

/// What was asked and answered, sealed under the key of the account that asked; and counts that name nobody.
package struct AdviceStore: Sendable {
    let database: Database
    let accounts: DataKeys<Account>

    package init(database: Database, accounts: DataKeys<Account>) {
        self.database = database
        self.accounts = accounts
    }

    package func insert(
        _ view: RecommendationView, _ answer: AnsweredAdvice, took: Duration, for caller: Caller, in tx: Transaction
    ) async throws {
        let key = try await accounts.key(of: caller.account, in: caller.tenant, at: view.createdAt, in: tx)
        var writer = JSONWriter()
        RecommendationView.shape.write(view, to: &writer)
        let sealed = try key.key.seal(writer.bytes, authenticating: Self.associatedData(view.id))
        try await tx.run(
            """
            insert into advice (advice_id, account_id, sealed, source, fault, milliseconds, created_at)
            values (\(view.id), \(caller.account), \(sealed), \(answer.source.rawValue), \(answer.fault),
                \(Int(clamping: took.wholeNanoseconds / 1_000_000)), \(view.createdAt))
            """)
        try await count("medicine", answer.advice.medicines.map(\.name), in: tx)
        try await count("excluded", answer.advice.excluded.map(\.code.rawValue), in: tx)
    }

    /// In the order of the names: two who count the same ones never wait for each other in a ring.
    private func count(_ kind: String, _ names: [String], in tx: Transaction) async throws {
        for name in Set(names).sorted() {
            try await tx.run(
                """
                insert into advice_count as counted (kind, name, count) values (\(kind), \(name), 1)
                on conflict (kind, name) do update set count = counted.count + 1
                """)
        }
    }

    /// The caller's own, the newest first.
    package func list(_ request: PageRequest, for caller: Caller) async throws -> Page<RecommendationView> {
        try await database.newest(
            Sealed.row,
            from: "advice a join data_key k on k.owner_id = a.account_id where a.account_id = \(caller.account)",
            by: "a.advice_id", request, as: Scope(caller), id: \.id
        ).map(open)
    }

    /// Takes away all advice of an erased person, and the key that sealed it. The service itself speaks in the
    /// transaction.
    func erase(of account: ID<Account>, in tx: Transaction) async throws {
        try await tx.run("delete from advice where account_id = \(account)")
        try await tx.run("delete from data_key where owner_id = \(account)")
    }

    private struct Sealed: Sendable {
        let id: ID<Recommendation>
        let account: ID<Account>
        let sealed: [UInt8]
        let wrapped: [UInt8]

        static let row = Projection(
            Column<ID<Recommendation>>("a.advice_id"), Column<ID<Account>>("a.account_id"), Column<[UInt8]>("a.sealed"),
            Column<[UInt8]>("k.wrapped"), make: Sealed.init)
    }

    private func open(_ row: Sealed) throws -> RecommendationView {
        let plain = try accounts.key(row.wrapped, of: row.account)
            .open(row.sealed, authenticating: Self.associatedData(row.id))
        guard let view = RecommendationView(try JSONReader.read(plain)) else { throw BrokenRow("advice", row.id) }
        return view
    }

    private static func associatedData(_ id: ID<Recommendation>) -> AssociatedData {
        AssociatedData(table: "advice", row: id.shortText, column: "sealed")
    }
}
