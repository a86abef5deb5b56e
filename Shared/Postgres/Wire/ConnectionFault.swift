internal import CPostgres
internal import Net
internal import Observability

/// Why no connection was had: what the server refused with, or what the system said. Nothing of it is a person's data.
package struct ConnectionFault: Error, Sendable, Equatable {
    /// Five letters and digits, where a server answered and refused; PostgreSQL manual, appendix A.
    package let sqlState: String?
    /// libpq's words where none answered, as `Connection refused`.
    package let reason: String
    /// A connection pooler was met behind which this process cannot work: waiting does not help.
    package let isPooler: Bool

    package init(sqlState: String?, reason: String, isPooler: Bool = false) {
        self.sqlState = sqlState
        self.reason = reason
        self.isPooler = isPooler
    }

    /// As libpq reports it with `PQERRORS_SQLSTATE`: `connection to server … failed: FATAL:  28P01`.
    package init(telling text: String) {
        let line = text.split(separator: "\n").first.map(String.init) ?? ""
        let said = line.firstRange(of: "failed: ").map { String(line[$0.upperBound...]) } ?? line
        guard let mark = said.firstRange(of: "FATAL:") else {
            self.init(sqlState: nil, reason: said.isEmpty ? "no answer in time" : String(said.prefix(160)))
            return
        }
        let state = String(said[mark.upperBound...].drop { $0 == " " }.prefix(5))
        self.init(
            sqlState: state, reason: Self.meanings[state] ?? "the server refuses", isPooler: state == Self.protocol)
    }

    /// `protocol_violation`: PgBouncer says it of start-up parameters that it cannot pass on; PostgreSQL knows all of
    /// ours.
    private static let `protocol` = "08P01"

    /// What a refusal at the door means to whoever set the server up.
    private static let meanings = [
        "28P01": "the password is wrong", "28000": "the server lets this user in from nowhere like here (pg_hba.conf)",
        "3D000": "there is no database of that name", "42704": "there is no such role",
        `protocol`: "a connection pooler refuses the session's settings: name PostgreSQL's own address",
        "53300": "the server has no connection left", "57P03": "the server is starting up or shutting down",
    ]
}

extension ConnectionFault: CustomStringConvertible {
    package var description: String { reason + (sqlState.map { " (\($0))" } ?? "") }

    func report(schema: String) {
        log.warning(
            "the database cannot be reached",
            ["schema": schema, "reason": reason, "sqlstate": sqlState ?? "none"])
    }

    /// What meets whoever enters the database of these settings; nil where the door is open.
    package static func met(entering settings: DatabaseSettings) async -> ConnectionFault? {
        let thread = BlockingPool(name: "door", threads: 1, queue: 1)
        do {
            return try await thread.run {
                do throws(ConnectionFault) {
                    _ = try LibpqConnection.open(ConnectionParameters(settings, for: .migrations))
                    return nil
                } catch { return error }
            }
        } catch { return nil }
    }
}
