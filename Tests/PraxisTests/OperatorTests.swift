import API
import JSON
import Kernel
import Lifecycle
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

    @Test func `what a program prints is read, with its status`() throws {
        let shell = try ServiceProgram(.registry, for: person(["REGISTRY_PROGRAM": "/bin/sh"]))
        let answer = try shell.capture(
            ["-c", "read a; read b; echo $b$a; echo more; exit 7"], input: Secret("two\none"))
        #expect(answer.status == 7 && answer.output == "onetwo")
    }

    @Test func `the version is said, and the settings of each service are asked of its program`() async throws {
        let said = Locked<[String]>([])
        func run(_ verb: [String], _ values: [String: String] = [:]) async throws -> Int32 {
            let who = Operator(environment: Environment(process: values)) { line in said.withLock { $0.append(line) } }
            let (found, rest) = try #require(Verb.named(verb))
            return try await found.run(who, rest)
        }
        #expect(try await run(["version"]) == 0)
        #expect(said.withLock { $0 } == ["praxis \(Release.version)"])
        #expect(try await run(["config", "check", "registry"], ["REGISTRY_PROGRAM": "/bin/true"]) == 0)
        #expect(try await run(["config", "show", "registry"], ["REGISTRY_PROGRAM": "/bin/false"]) == 1)
        await #expect(throws: Failure.self) { try await run(["config", "check", "registri"]) }
    }

    @Test func `the state of a service is a line, or an object for programs`() {
        let state = ServiceState(name: .registry, port: 9102, state: .notReady)
        #expect(state.line == "registry    not_ready  (ops port 9102)")
        #expect(state.json["state"]?.string == "not_ready" && state.json["service"]?.string == "registry")
    }
}
