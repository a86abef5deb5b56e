/// Documents made from declarations, so that none can be forgotten or stale.
package enum SettingsPage {
    /// A Markdown table, one row per setting, in the order declared.
    package static func markdown(_ declarations: [SettingDeclaration]) -> String {
        var text = "| Setting | Also read as | Default | What it does |\n| --- | --- | --- | --- |\n"
        for declaration in unique(declarations) {
            let aliases = declaration.aliases.map { "`\($0)`" }.joined(separator: ", ")
            text += "| `\(declaration.name)` | \(aliases) | \(defaultCell(declaration)) | \(cell(declaration.help)) |\n"
        }
        return text
    }

    /// A `.env` to copy: everything is commented out but what must be given.
    package static func dotEnvExample(_ declarations: [SettingDeclaration]) -> String {
        unique(declarations).map { declaration in
            let also = declaration.aliases.isEmpty ? "" : " (also \(declaration.aliases.joined(separator: ", ")))"
            let mark = declaration.isRequired ? "" : "# "
            return "# \(declaration.help)\(also)\n\(mark)\(declaration.name)=\(quoted(declaration.defaultText))\n"
        }.joined(separator: "\n")
    }

    /// The first declaration of a name stands for all of its kind: services share many.
    private static func unique(_ declarations: [SettingDeclaration]) -> [SettingDeclaration] {
        var seen: Set<String> = []
        return declarations.filter { seen.insert($0.name).inserted }
    }

    private static func defaultCell(_ declaration: SettingDeclaration) -> String {
        if declaration.isRequired { return "**required**" }
        return declaration.defaultText.isEmpty ? "–" : "`\(cell(declaration.defaultText))`"
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static func quoted(_ text: String) -> String {
        text.contains(" ") || text.contains("#") ? "\"\(text)\"" : text
    }
}
