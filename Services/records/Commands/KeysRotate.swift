import Chassis
import Crypto
import Glibc
import Kernel
import Net
import Observability
import Postgres
import Settings

/// `records keys rotate --patient ID`: what `praxis keys rotate` asks this program, since patients' keys are its own.
/// Everybody goes on reading and writing meanwhile; what is left when it is stopped the service finishes itself.
enum KeysRotate {
    /// Nil for words this is not.
    static func patient(in words: [String]) -> ID<Patient>? {
        guard words.count == 4, words.prefix(3) == ["keys", "rotate", "--patient"] else { return nil }
        return ID<Patient>(words[3])
    }

    /// Answers the status to end with: 0, 1 of a patient without a key, 64 and 78 as sysexits(3) has them.
    static func run(_ words: [String]) async -> Int32 {
        LogSink.configure(service: "records", level: .error, format: .text)
        guard let patient = patient(in: words) else {
            complain("usage: records keys rotate --patient ID")
            return 64
        }
        do {
            guard let count = try await rotate(patient) else {
                complain("Nothing is kept of this patient, or the keys were destroyed.")
                return 1
            }
            print(
                """
                \(count) sealed values have the patient's new key. \
                The service deletes older ones within twenty minutes, when no request can hold them any more.
                """)
            return 0
        } catch let faults as SettingsFaults {
            complain(faults.description)
            return SettingsFaults.exitCode
        } catch {
            complain("It failed: \(type(of: error)). What was done stays done, and the service finishes the rest.")
            return 1
        }
    }

    private static func rotate(_ patient: ID<Patient>) async throws -> Int? {
        var reader = SettingsReader(try Environment.load())
        let store = StoreSettings("records", from: &reader)
        try reader.finish()
        guard let store else { return nil }
        let group = EventLoopGroup(count: 1)
        let database = Database(store.databaseSettings("records"), group: group)
        defer {
            database.close()
            group.shutDown()
        }
        return try await group.run {
            try await PatientKeyRotation(
                database: database, keys: PatientKeys(database: database, sealer: store.sealer), clock: SystemClock()
            ).rotate(patient)
        }
    }

    private static func complain(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
