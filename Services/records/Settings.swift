import Kernel
package import RecordsDomain
package import Settings

/// The settings of records, beside those of every service.
package struct RecordsSettings: Sendable {
    /// Nil where no model is asked.
    package let model: ModelEndpoint?
    /// Nil for the table that comes with the service.
    package let medicines: MedicineTable?

    private static let key = Setting<Secret>.secret(
        "GROQ_API_KEY", aliases: ["LLM_API_KEY"],
        help: "What the model's provider knows us by; without it recommendations come from the medicine table alone."
    ).optional
    private static let base = Setting.url(
        "LLM_BASE_URL", default: "https://api.groq.com/openai/v1",
        help: "Where a model is asked, as OpenAI's API: https, or http to this machine, where no key is needed.")
    private static let name = Setting.text(
        "LLM_MODEL", default: "llama-3.3-70b-versatile", help: "Which of the provider's models.")
    private static let timeout = Setting.integer(
        "LLM_TIMEOUT_SECONDS", in: 1...20, default: 20, help: "How long a model may take in all.")
    private static let table = Setting<MedicineTable>(
        "MEDICINES_FILE", default: nil, shown: "",
        help: "A medicine table in place of the one that comes with records (docs/medicines.md)."
    ) { path throws(SettingRefusal) in
        guard let text = SettingFile.text(path) else { throw "cannot be read, or is larger than 1 MiB" }
        do throws(TableFaults) { return try MedicineTable(text) } catch { throw "has faults: \(error)" }
    }.optional

    package static var declarations: [SettingDeclaration] {
        key.declarations + base.declarations + name.declarations + timeout.declarations + table.declarations
    }

    package init(_ reader: inout SettingsReader) throws(SettingsFaults) {
        let (key, base, name, timeout, table) = try reader.read(
            Self.key, Self.base, Self.name, Self.timeout, Self.table)
        let url = SettingURL(base)
        if url?.isFitForSecrets != true {
            reader.refuse("LLM_BASE_URL", "must be https, or http to this machine, and hold no password")
        }
        for (setting, text) in [("GROQ_API_KEY", key?.expose() ?? ""), ("LLM_BASE_URL", base), ("LLM_MODEL", name)]
        where !text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            reader.refuse(setting, "must be of printable characters without blanks")
        }
        try reader.finish()
        let isAsked = key != nil || url?.isLoopback == true
        model = isAsked ? ModelEndpoint(base: base, key: key, name: name, timeout: .seconds(timeout)) : nil
        medicines = table
    }
}
