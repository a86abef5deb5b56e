import API
import HTTP
import JSON
import Kernel
import Lifecycle
import Net
import Postgres
import Redis
import Settings
import Web

extension Verb {
    static let doctor = Verb(
        name: "doctor", usage: "", summary: "Examines this set-up and says what is wrong, a sentence each"
    ) { who, raw in
        _ = try Arguments(raw)
        let findings = try await Network.use { group in await Examination(who: who, group: group).findings() }
        for finding in findings { who.say("\(finding.word) \(finding.sentence)") }
        let wrong = findings.compactMap(\.kind)
        return wrong.contains(.settings) ? Failure.Kind.settings.rawValue : wrong.first?.rawValue ?? 0
    }
}

/// One thing looked at; `kind` is nil where all is well.
struct Finding: Sendable, Equatable {
    let kind: Failure.Kind?
    let sentence: String
    /// Nothing is wrong, and it could be better.
    var isAdvice = false

    var word: String { kind != nil ? "WRONG" : isAdvice ? "note " : "well " }
}

/// Looks at everything a set-up stands on, each thing for itself, so that one fault hides no other.
struct Examination: Sendable {
    let who: Operator
    let group: EventLoopGroup

    func findings() async -> [Finding] {
        var found = [await redis(), keys(), await administrators()]
        for name in ServiceName.allCases {
            if name != .gateway { found.append(await database(of: name)) }
            found.append(await readiness(of: name))
        }
        found.append(await gateway())
        return found
    }

    private func examine(_ well: String, _ work: () async throws -> Void) async -> Finding {
        do {
            try await work()
            return Finding(kind: nil, sentence: well)
        } catch let failure as Failure {
            return Finding(kind: failure.kind, sentence: failure.sentence)
        } catch let faults as SettingsFaults {
            return Finding(kind: .settings, sentence: faults.faults.map(\.description).joined(separator: "; "))
        } catch {
            return Finding(kind: .unavailable, sentence: "Unexpected: \(type(of: error)).")
        }
    }

    private func redis() async -> Finding {
        await examine("Redis answers.") {
            let url = try who.read(Setting.redisURL())
            guard let settings = RedisSettings(url, tls: try? TLSContext.client()) else {
                throw Failure(.settings, "REDIS_URL is not a URL of a Redis.")
            }
            let client = RedisClient(settings, group: group)
            defer { client.close() }
            do throws(RedisError) { try await client.ping() } catch {
                if case .wrongServer(let server) = error {
                    throw Failure(.settings, "REDIS_URL does not lead to the primary: \(server.rawValue).")
                }
                throw Failure(
                    .unavailable, "Redis does not answer: services go on, but live events pause and limits are local.")
            }
        }
    }

    private func keys() -> Finding {
        let setting = Setting<Secret>.secret("PRINCIPAL_KEYS", help: "Lines from>to=key.").optional
        do {
            guard let text = try who.read(setting) else {
                return Finding(kind: nil, sentence: "PRINCIPAL_KEYS is not given here; each service has its own.")
            }
            _ = try PairKeys(text)
            return Finding(kind: nil, sentence: "PRINCIPAL_KEYS is readable.")
        } catch let faults as SettingsFaults {
            return Finding(kind: .settings, sentence: faults.faults.map(\.description).joined(separator: "; "))
        } catch {
            return Finding(kind: .settings, sentence: "PRINCIPAL_KEYS: \(error).")
        }
    }

    /// In production a password that was guessed must not be enough to administer the system.
    private func administrators() async -> Finding {
        let setting = Setting.flag("REQUIRE_ADMIN_MFA", default: false, help: "Administrators need a second factor.")
        var isLax = false
        let found = await examine("Administrators log in as this set-up asks them to.") {
            isLax = try !who.read(setting) && !who.isDevelopment()
        }
        guard isLax else { return found }
        return Finding(
            kind: nil, sentence: "Administrators get in with a password alone: REQUIRE_ADMIN_MFA=true asks for more.",
            isAdvice: true)
    }

    private func database(of name: ServiceName) async -> Finding {
        await examine("PostgreSQL answers for \(name.rawValue).") {
            let address = try who.read(DatabaseSource(service: name.rawValue))
            let settings = DatabaseSettings(
                url: address.connectionString, schema: name.rawValue, applicationName: "praxis doctor",
                pooler: try who.pooler())
            guard let fault = await ConnectionFault.met(entering: settings) else { return }
            let state = fault.sqlState.map { " (SQLSTATE \($0))" } ?? ""
            throw Failure(
                .unavailable,
                "PostgreSQL at \(address.host) lets \(name.rawValue) not in as \(address.user) to \(address.database): "
                    + "\(fault.reason)\(state).")
        }
    }

    private func readiness(of name: ServiceName) async -> Finding {
        await examine("\(name.rawValue) is ready.") {
            let upper = name.rawValue.uppercased()
            let port = try who.read(
                Setting.port("\(upper)_OPS_PORT", default: name.opsPort, help: "Port of /livez, /readyz and /metrics.")
            )
            let url = "http://127.0.0.1:\(port)"
            let answer: (status: Int, body: [UInt8])
            do {
                answer = try await HTTPCaller(url, group: group).send(try OutgoingRequest(.get, "/readyz"))
            } catch let failure as Failure {
                throw Failure(failure.kind, "\(name.rawValue) does not run: \(failure.sentence)")
            }
            guard answer.status == 200 else {
                throw Failure(
                    .unavailable, "\(name.rawValue) runs and is not ready: \(url)/readyz?verbose says what it lacks.")
            }
        }
    }

    private func gateway() async -> Finding {
        await examine("The gateway hands out the keys that tokens are checked with.") {
            let url = try who.read(GatewayAPI.address)
            let reply = try await GatewayAPI(url, group: group).ask(TokensAPI.keySet.declaration)
            guard reply.isSuccess, reply.body["keys"]?.array?.isEmpty == false else {
                throw Failure(.unavailable, "\(url) has no keys to check tokens with: \(reply.message)")
            }
        }
    }
}
