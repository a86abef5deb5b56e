import Kernel
import Observability
package import Settings

/// The person at the command line: what the environment says, and where words go.
package struct Operator: Sendable {
    package let environment: Environment
    package let say: @Sendable (String) -> Void

    package init(environment: Environment, say: @escaping @Sendable (String) -> Void) {
        self.environment = environment
        self.say = say
    }

    /// Runs one line and answers the status to end with.
    static func run(_ line: [String]) async -> Int32 {
        LogSink.configure(service: "praxis", level: .error, format: .text)
        if line.isEmpty || ["help", "--help", "-h"].contains(line[0]) || line.dropFirst().contains("--help") {
            Terminal.write(Verb.help)
            return line.isEmpty ? Failure.Kind.usage.rawValue : 0
        }
        do {
            if Verb.named(line) == nil, line.count == 1, let calls = Verb.calls(beginningWith: line[0]) {
                Terminal.write(calls)
                return Failure.Kind.usage.rawValue
            }
            guard let (verb, rest) = Verb.named(line) else {
                throw Failure(.usage, "There is no command \(line[0]); praxis --help lists all.")
            }
            let environment = try Environment.load()
            let status = try await verb.run(Operator(environment: environment, say: Terminal.write), rest)
            // A service's program may end with a code of its own, or by a signal.
            if verb.name == Verb.auditVerify.name, status == Verb.broken { return status }
            return [0, 64, 69, 78].contains(status) ? status : Failure.Kind.unavailable.rawValue
        } catch let failure as Failure {
            Terminal.complain(failure.sentence)
            return failure.kind.rawValue
        } catch let faults as SettingsFaults {
            Terminal.complain(faults.description)
            return SettingsFaults.exitCode
        } catch let problem as Problem {
            Terminal.complain(problem.message)
            return Failure.Kind.unavailable.rawValue
        } catch {
            Terminal.complain("It failed: \(type(of: error)).")
            return Failure.Kind.unavailable.rawValue
        }
    }

    /// One setting, or all that is wrong with it.
    func read<Part: Readable>(_ setting: Part) throws(SettingsFaults) -> Part.Value {
        var reader = SettingsReader(environment)
        return try reader.read(setting)
    }

    /// Whether known passwords and readable mail are in order here: `PRAXIS_ENV=development`, or `DEBUG`.
    package func isDevelopment() throws(SettingsFaults) -> Bool {
        let mode = try read(Setting.text("PRAXIS_ENV", default: "", help: "production or development"))
        if !mode.isEmpty { return mode == "development" }
        return try read(Setting.flag("DEBUG", default: false, help: "true means development"))
    }
}
