import Chassis
package import Settings

/// `CORS_ALLOWED_ORIGINS`: exact origins, since credentials are allowed, or `none`. Only a developer's machine has a
/// default.
package struct OriginSource: Readable {
    private static let development = [
        "http://localhost:3000", "http://127.0.0.1:3000", "http://localhost:3001", "http://localhost:5173",
    ]
    private let origins = Setting<[String]>(
        "CORS_ALLOWED_ORIGINS", default: nil, shown: development.joined(separator: ","),
        help: "Origins whose pages may read answers, or none; required in production, the default is development's"
    ) { text throws(SettingRefusal) in
        let parts = text.split { $0 == "," || $0.isWhitespace }.map(String.init)
        if parts == ["none"] { return [] }
        guard !parts.isEmpty, parts.allSatisfy(Self.isOrigin) else {
            throw "must be origins such as https://app.example.org, or none (credentials are allowed, so never *)"
        }
        return parts
    }.optional

    package var declarations: [SettingDeclaration] { origins.declarations }

    package func read(from reader: inout SettingsReader) -> [String]? {
        guard let origins = origins.read(from: &reader), let mode = ModeSource().read(from: &reader) else { return nil }
        if let origins { return origins }
        if mode == .development { return Self.development }
        reader.refuse("CORS_ALLOWED_ORIGINS", "is required in production: the origins of your pages, or none")
        return nil
    }

    private static func isOrigin(_ text: String) -> Bool {
        guard let url = SettingURL(text), !url.host.isEmpty, url.user == nil, url.query.isEmpty else { return false }
        return ["http", "https"].contains(url.scheme) && ["", "/"].contains(url.path) && !url.host.contains("*")
    }
}
