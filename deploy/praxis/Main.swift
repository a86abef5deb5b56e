// Praxis: the operator's command line. It asks the gateway as any client does, and the services' own programs for what
// only they know (accounts, migrations); it has no rules of its own. Every command ends with 0, or with a code of
// sysexits.h: 64 wrong usage, 69 something does not answer or refuses, 78 settings.

import Glibc

@main
struct PraxisMain {
    static func main() async {
        exit(await Operator.run(Array(CommandLine.arguments.dropFirst())))
    }
}
