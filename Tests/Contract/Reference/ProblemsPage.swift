import Kernel
import Web

/// docs/reference/problems.md: every code a client may meet, its status and its meaning.
enum ProblemsPage {
    static var text: String {
        var text = """
            # Problems

            All that can go wrong for a caller, by the `code` of the answer. A code never changes its meaning; `message` is for people and
            may. 429 and 503 say in `Retry-After` when to come again. Written by `make docs`.

            | Code | Status | When |
            | --- | --- | --- |

            """
        for code in Problem.Code.allCases {
            let status = code == .validationFailed ? "400, or 422 under `/api/v1/patient/`" : String(code.status())
            text += "| `\(code.rawValue)` | \(status) | \(code.meaning) |\n"
        }
        return text
    }
}
