import Crypto
import JSON
package import RecordsDomain
package import Redis
package import Sealing

/// A model's proposals for a day, in Redis: under a keyed digest of a question without identity, sealed. Without Redis
/// nothing is found and nothing is kept.
package struct AdviceCache: Sendable {
    static let lifetimeSeconds = 24 * 3600
    /// As long as one process keeps others from asking the same.
    static let claimSeconds = 25

    private let redis: RedisClient
    private let keys: ServiceKeys

    package init(_ redis: RedisClient, _ keys: ServiceKeys) {
        self.redis = redis
        self.keys = keys
    }

    /// Nil for what is not there or does not open.
    func find(_ key: AdviceKey) async -> [ProposedMedicine]? {
        guard let sealed = try? await redis.command("GET", "\(Self.name)\(key.text)").bytes,
            let plain = try? keys.sealing.open(sealed, authenticating: Self.associatedData(key)),
            let list = try? JSONReader.read(plain).array
        else { return nil }
        return list.compactMap(Self.proposal)
    }

    func keep(_ proposals: [ProposedMedicine], under key: AdviceKey) async {
        let plain = JSONValue.array(proposals.map(Self.json)).bytes
        guard let sealed = try? keys.sealing.seal(plain, authenticating: Self.associatedData(key)) else { return }
        _ = try? await redis.command(
            "SET", "\(Self.name)\(key.text)", RESPArgument(sealed), "EX", RESPArgument(Self.lifetimeSeconds))
    }

    /// Whether this process is to ask; also where Redis does not say.
    func claim(_ key: AdviceKey) async -> Bool {
        let answer = try? await redis.command(
            "SET", "\(Self.claim)\(key.text)", "1", "NX", "EX", RESPArgument(Self.claimSeconds))
        return answer?.isNull != true
    }

    /// Whether some process is still asking.
    func isClaimed(_ key: AdviceKey) async -> Bool {
        (try? await redis.command("EXISTS", "\(Self.claim)\(key.text)").integer) == 1
    }

    func release(_ key: AdviceKey) async { _ = try? await redis.command("DEL", "\(Self.claim)\(key.text)") }

    private static let name = "praxis:advice:"
    private static let claim = "praxis:advice-asking:"

    private static func associatedData(_ key: AdviceKey) -> AssociatedData {
        AssociatedData(table: "advice_cache", row: key.text, column: "proposals")
    }

    private static func json(_ proposal: ProposedMedicine) -> JSONValue {
        [
            "name": .string(proposal.name), "dosage": .string(proposal.dosage),
            "frequency": .string(proposal.frequency), "duration": .string(proposal.duration),
            "instructions": proposal.instructions.map { .string($0) } ?? .null,
        ]
    }

    private static func proposal(_ json: JSONValue) -> ProposedMedicine? {
        guard let name = json["name"]?.string, let dosage = json["dosage"]?.string,
            let frequency = json["frequency"]?.string, let duration = json["duration"]?.string
        else { return nil }
        return ProposedMedicine(
            name: name, dosage: dosage, frequency: frequency, duration: duration,
            instructions: json["instructions"]?.string)
    }
}

/// Equal for equal questions to one model by one table, and without meaning to whoever has no key.
package struct AdviceKey: Sendable, Hashable {
    let text: String

    package init(_ question: ModelQuestion, model: String, table: String, _ keys: ServiceKeys) {
        let fields = [
            ("symptoms", question.comparableSymptoms), ("age", question.ageBand ?? "-"),
            ("gender", question.gender ?? "-"), ("pregnant", question.isPregnant.map(String.init) ?? "-"),
            ("allergies", question.allergies.joined(separator: "|")),
            ("medicines", question.currentMedicines.joined(separator: "|")), ("model", model), ("table", table),
        ]
        text = Hex.encode(keys.secret.sign([UInt8]("records.advice\n".utf8) + CanonicalText.bytes(fields)))
    }
}
