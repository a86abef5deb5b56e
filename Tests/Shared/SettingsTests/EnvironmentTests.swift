import Kernel
import Settings
import Testing

@Suite struct EnvironmentTests {
    private func value(_ environment: Environment) throws -> String? {
        var reader = SettingsReader(environment)
        return try reader.read(Setting<String>.text("KEY", help: "A key.").optional)
    }

    @Test func `the process wins over the file, the file over the pointer, the pointer over the credential`() throws {
        let files = ["/p": "pointed\n", "/creds/KEY": "credential\r\n"]
        var process = ["CREDENTIALS_DIRECTORY": "/creds"]
        var dotEnv: [String: String] = [:]
        func found() throws -> String? { try value(Environment(process: process, dotEnv: dotEnv) { files[$0] }) }
        #expect(try found() == "credential")
        process["KEY_FILE"] = "/p"
        #expect(try found() == "pointed")
        dotEnv["KEY"] = "file"
        #expect(try found() == "file")
        process["KEY"] = "process"
        #expect(try found() == "process")
    }

    @Test func `an empty value is not set, and hides none of the sources behind it`() throws {
        let environment = Environment(
            process: ["KEY": "", "KEY_FILE": "/p", "CREDENTIALS_DIRECTORY": "/c"], dotEnv: ["KEY": ""]
        ) { ["/p": "pointed", "/c/KEY": "credential"][$0] }
        #expect(try value(environment) == "pointed")
        #expect(try value(Environment(process: ["KEY": ""], dotEnv: ["KEY": "file"])) == "file")
        #expect(try value(Environment(process: ["KEY_FILE": ""])) == nil)
    }

    @Test func `a credential may carry its name in lower case`() throws {
        let environment = Environment(process: ["CREDENTIALS_DIRECTORY": "/c"]) { $0 == "/c/key" ? "x" : nil }
        #expect(try value(environment) == "x")
    }

    @Test func `a pointer to nothing is a fault, not an absence`() {
        let fault = #expect(throws: SettingsFaults.self) { try value(Environment(process: ["KEY_FILE": "/none"])) }
        #expect(fault?.faults.map(\.name) == ["KEY_FILE"])
    }

    @Test func `a pointed-to value keeps inner blanks and loses one line end alone`() throws {
        let environment = Environment(process: ["KEY_FILE": "/p"]) { _ in " a b \n\n" }
        #expect(try value(environment) == " a b \n")
    }

    @Test func `the real environment is read`() throws {
        var reader = SettingsReader(try Environment.load(dotEnvPath: "/nonexistent/.env"))
        #expect(try !reader.read(Setting<String>.text("PATH", help: "Path.")).isEmpty)
    }
}
