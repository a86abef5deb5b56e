package import Crypto
import Kernel
package import Settings

/// Reads a master key and those that open beside it: `NAME` and `NAME_OTHERS`, each as `KEY` or `VERSION:KEY`.
package struct SealerSource: Readable {
    private let name: String
    private let current: Setting<MasterKey>
    private let others: Setting<[MasterKey]>

    package init(_ name: String, help: String) {
        self.name = name
        current = Setting(
            name, default: nil, shown: "", help: help + ": 32 bytes in base64url, a later one as VERSION:KEY",
            isSecret: true
        ) { text throws(SettingRefusal) in try Self.masterKey(text) }
        others = Setting(
            "\(name)_OTHERS", default: [], shown: "",
            help: "Master keys that open beside \(name) while it is changed, between commas or white space",
            isSecret: true
        ) { text throws(SettingRefusal) in
            var keys: [MasterKey] = []
            for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
                keys.append(try Self.masterKey(String(part)))
            }
            return keys
        }
    }

    /// What every service with tables has.
    package static let data = SealerSource(
        "DATA_ENCRYPTION_KEY", help: "Wraps the keys of personal data at rest")

    package var declarations: [SettingDeclaration] { current.declarations + others.declarations }

    package func read(from reader: inout SettingsReader) -> Sealer? {
        let (current, others) = (current.read(from: &reader), others.read(from: &reader))
        guard let current, let others else { return nil }
        guard Set(others.map(\.version)).union([current.version]).count == others.count + 1 else {
            reader.refuse(name, "and \(name)_OTHERS name a version twice; write the next key as 2:KEY, and so on")
            return nil
        }
        return Sealer(master: current, others: others)
    }

    private static func masterKey(_ text: String) throws(SettingRefusal) -> MasterKey {
        do { return try MasterKey(Secret(text)) } catch {
            throw "must be 32 bytes in base64url, base64 or hexadecimal, behind VERSION: or not"
        }
    }
}
