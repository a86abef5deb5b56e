import Glibc
import Kernel
import Settings
import Testing
import Web

/// With `PRAXIS_WRITE_REFERENCE` set, as `make docs` sets it, the pages are written first.
@Suite struct ReferenceTests {
    @Test(arguments: Reference.pages.map(\.name))
    func `the pages under docs-reference are what the code says now`(name: String) throws {
        let text = try #require(Reference.pages.first { $0.name == name }).text()
        let path = "\(Reference.folder)/\(name)"
        if unsafe getenv("PRAXIS_WRITE_REFERENCE") != nil { #expect(Reference.write(text, to: path)) }
        let kept = try #require(Reference.kept(path), "docs/reference/\(name) is missing: make docs")
        #expect(kept == text, "docs/reference/\(name) is stale: make docs")
    }

    @Test func `every code of a problem has its line, and a status no client misreads`() {
        for code in Problem.Code.allCases {
            #expect(ProblemsPage.text.contains("| `\(code.rawValue)` |"))
            #expect((400...599).contains(code.status()))
            #expect(code.meaning.hasSuffix("."))
        }
    }

    @Test func `every name of the example stands in the page of settings`() throws {
        let page = try #require(Reference.kept(Reference.folder + "/settings.md"))
        #expect(ExampleFile.settings.count > 100)
        for setting in ExampleFile.settings { #expect(page.contains("`\(setting.name)`"), "\(setting.name)") }
    }

    @Test func `every declared setting stands in the example of all settings, under each of its names`() throws {
        let example = try #require(Reference.kept(Reference.top + "/.env.example"))
        for declaration in SettingsReference.all {
            for name in [declaration.name] + declaration.aliases {
                #expect(example.contains(name), "\(name) is not in .env.example")
            }
        }
    }
}
