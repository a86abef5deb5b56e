import Kernel
package import RecordsDomain
package import Settings

/// The settings of records, beside those of every service.
package struct RecordsSettings: Sendable {
    /// Nil where no model is asked.
    package let model: ModelEndpoint?
    /// Nil for the table that comes with the service.
    package let medicines: MedicineTable?
    package let codes: AccessCodeRules
    /// Whether a doctor without a second factor may not break the glass.
    package let breakGlassNeedsFactor: Bool
    package let files: FileSettings

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

    private static let codeMinutes = Setting.integer(
        "OTP_EXPIRY_MINUTES", in: 1...60, default: 10, help: "Minutes a code of a text message works")
    private static let codeDigits = Setting.integer(
        "OTP_LENGTH", in: 6...10, default: 6, help: "Digits of a code of a text message")
    /// The gateway counts by requester under the same name.
    private static let codeRate = Setting.rate(
        "RATE_LIMIT_OTP", default: Rate(limit: 3, window: .seconds(900)),
        help: "Requests of this class in a window, as 5/1h; a bare number keeps the window")
    private static let factor = Setting.flag(
        "REQUIRE_BREAK_GLASS_MFA", default: false,
        help: "Whether a doctor without a second factor may not open records in an emergency")

    package static var declarations: [SettingDeclaration] {
        key.declarations + base.declarations + name.declarations + timeout.declarations + table.declarations
            + codeMinutes.declarations + codeDigits.declarations + codeRate.declarations + factor.declarations
            + FileSettings.declarations
    }

    package init(_ reader: inout SettingsReader) throws(SettingsFaults) {
        // A read throws what was found so far, so that each must name all of its settings.
        var files: FileSettings?
        do throws(SettingsFaults) { files = try FileSettings(&reader) } catch { reader.note(error) }
        let (key, base, name, timeout, table, minutes, digits, rate, factor) = try reader.read(
            Self.key, Self.base, Self.name, Self.timeout, Self.table, Self.codeMinutes, Self.codeDigits, Self.codeRate,
            Self.factor)
        let url = SettingURL(base)
        if url?.isFitForSecrets != true {
            reader.refuse("LLM_BASE_URL", "must be https, or http to this machine, and hold no password")
        }
        for (setting, text) in [("GROQ_API_KEY", key?.expose() ?? ""), ("LLM_BASE_URL", base), ("LLM_MODEL", name)]
        where !text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            reader.refuse(setting, "must be of printable characters without blanks")
        }
        try reader.finish()
        guard let files else { throw SettingsFaults([]) }
        self.files = files
        let isAsked = key != nil || url?.isLoopback == true
        model = isAsked ? ModelEndpoint(base: base, key: key, name: name, timeout: .seconds(timeout)) : nil
        medicines = table
        codes = AccessCodeRules(
            digits: digits, life: .seconds(minutes * 60), askings: rate.limit, window: rate.window)
        breakGlassNeedsFactor = factor
    }
}
