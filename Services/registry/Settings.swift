package import Crypto
import Kernel
package import Settings

/// What registry is told at its start, beside what every service is told.
package struct RegistrySettings: Sendable {
    /// Wraps the data keys of the accounts that keep patients.
    package let sealer: Sealer

    static let dataKey = Setting<MasterKey>(
        "DATA_ENCRYPTION_KEY", standard: nil, shown: "", help: "Wraps the keys of personal data at rest", isSecret: true
    ) { text throws(SettingRefusal) in
        do { return try MasterKey(version: 1, secret: Secret(text)) } catch {
            throw "must be 32 bytes in base64url, base64 or hexadecimal"
        }
    }

    package static var declarations: [SettingDeclaration] { dataKey.declarations }

    package init(_ reader: inout SettingsReader) throws(SettingsFaults) {
        sealer = Sealer(master: try reader.read(Self.dataKey))
    }
}
