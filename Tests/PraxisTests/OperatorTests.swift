import API
import Kernel
import Praxis
import Settings
import Testing

@Suite struct OperatorTests {
    private func person(_ values: [String: String]) -> Operator {
        Operator(environment: Environment(process: values), say: { _ in })
    }

    @Test func `development is said by PRAXIS_ENV before DEBUG, and is not the default`() throws {
        #expect(try !person([:]).isDevelopment())
        #expect(try person(["DEBUG": "True"]).isDevelopment())
        #expect(try person(["PRAXIS_ENV": "development"]).isDevelopment())
        #expect(try !person(["PRAXIS_ENV": "production", "DEBUG": "True"]).isDevelopment())
    }

    @Test func `the demonstration is refused outside development, before anything is done`() async {
        await #expect { try await Verb.demo.run(person(["IDENTITY_PROGRAM": "/bin/false"]), []) } throws: {
            ($0 as? Failure)?.kind == .settings
        }
    }

    @Test func `a missing program is told with the setting that names one`() {
        #expect { try ServiceProgram(.registry, for: person(["REGISTRY_PROGRAM": "/nowhere/registry"])) } throws: {
            ($0 as? Failure)?.sentence.contains("REGISTRY_PROGRAM") == true
        }
    }

    @Test func `a service's own status is handed on`() throws {
        #expect(try ServiceProgram(.registry, for: person(["REGISTRY_PROGRAM": "/bin/true"])).run([]) == 0)
        #expect(try ServiceProgram(.registry, for: person(["REGISTRY_PROGRAM": "/bin/false"])).run([]) == 1)
        let shell = try ServiceProgram(.registry, for: person(["REGISTRY_PROGRAM": "/bin/sh"]))
        #expect(try shell.run(["-c", "read word; test \"$word\" = open && exit 7"], input: Secret("open")) == 7)
    }
}
