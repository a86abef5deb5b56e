import HTTP
import Kernel
import Web

extension Page {
    /// What went wrong, for people; its status is the problem's.
    static func problem(_ problem: Problem, requestID: String) -> Page {
        let content = PageTemplate.fill(
            PackageResources.problem_html,
            [
                "title": PageTemplate.escaped(problem.code.title), "message": PageTemplate.escaped(problem.message),
                "status": String(ProblemAnswer(problem, requestID: requestID).status),
                "request": PageTemplate.escaped(requestID),
            ])
        return Page(type: html, body: .bytes(PageTemplate.page(content)), policy: staticPolicy, caching: "no-store")
    }
}
