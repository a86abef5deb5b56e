import Foundation
import Records
import RecordsDomain
import Settings
import Testing

struct SettingsTests {
    private func faults(_ values: [String: String]) -> [String] {
        var reader = SettingsReader(Environment(process: values))
        do { _ = try RecordsSettings(&reader) } catch { return error.faults.map(\.description) }
        return []
    }

    private func settings(_ values: [String: String]) throws -> RecordsSettings {
        var reader = SettingsReader(Environment(process: values))
        return try RecordsSettings(&reader)
    }

    @Test func `without a key no model is asked, but for one on this machine`() throws {
        #expect(try settings([:]).model == nil)
        #expect(try settings(["LLM_BASE_URL": "https://llm.example/v1"]).model == nil)
        #expect(try settings(["LLM_BASE_URL": "http://127.0.0.1:11434/v1"]).model?.key == nil)
        #expect(try settings(["LLM_BASE_URL": "http://127.0.0.1:11434/v1"]).model != nil)
        #expect(try settings(["GROQ_API_KEY": "k"]).model?.base == "https://api.groq.com/openai/v1")
    }

    @Test(arguments: [
        ["LLM_BASE_URL": "http://llm.example/v1"], ["LLM_BASE_URL": "https://me:pw@llm.example/v1"],
        ["GROQ_API_KEY": "a\nHost: evil"], ["LLM_MODEL": "two words"], ["LLM_TIMEOUT_SECONDS": "21"],
        ["MEDICINES_FILE": "/nowhere/medicines.txt"],
    ])
    func `what would leak or hang is refused`(values: [String: String]) { #expect(faults(values).count == 1) }

    @Test func `the table in records is the file in the folder`() throws {
        let embedded = try MedicineTable.embedded()
        #expect(embedded.medicines.count >= 250 && !embedded.version.isEmpty)
    }

    @Test func `a table of one's own replaces it, and its faults are told with their lines`() throws {
        let folder = URL(filePath: #filePath)
            .appending(path: "../../../../Services/records/Medicines/medicines.txt").standardized
        let text = try String(contentsOf: folder, encoding: .utf8)
        let own = FileManager.default.temporaryDirectory.appending(path: "medicines-\(UUID()).txt")
        defer { try? FileManager.default.removeItem(at: own) }
        try text.replacing("version    | 2026-11-28", with: "version    | ours").write(
            to: own, atomically: true, encoding: .utf8)
        #expect(try settings(["MEDICINES_FILE": own.path]).medicines?.version == "ours")
        try (text + "\nwrong row").write(to: own, atomically: true, encoding: .utf8)
        let line = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count + 1
        #expect(faults(["MEDICINES_FILE": own.path]).first?.contains("line \(line): has 1 columns") == true)
    }
}
