package import HTTP

/// One page or file, with what it may load and how long it may be kept.
package struct Page: Sendable {
    package let type: String
    package let body: MessageBody
    package let policy: String
    let caching: String
    /// For a page whose address may hold a token: it tells no other site where it was opened.
    var isPrivate = false

    package var response: Response {
        var headers = Headers()
        headers.add("Content-Type", type)
        headers.add("Content-Security-Policy", policy)
        headers.add("Cache-Control", caching)
        if isPrivate { headers.add("Referrer-Policy", "no-referrer") }
        return Response(.ok, headers: headers, body: body)
    }

    /// Replaces an answer's body; its status and its other fields stay.
    func replaceBody(of response: inout Response) {
        response.headers.remove("Content-Type")
        response.headers.add("Content-Type", type)
        response.headers.add("Content-Security-Policy", policy)
        response.headers.add("Cache-Control", caching)
        response.body = body
    }

    static let html = "text/html; charset=utf-8"

    /// For what is looked at and does nothing: our style and our icon.
    static let staticPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'"

    static func form(_ content: [UInt8]) -> Page {
        Page(
            type: html, body: .bytes(PageTemplate.page(PageTemplate.text(content))),
            policy: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            caching: "no-store", isPrivate: true)
    }

    static func home(isDevelopment: Bool) -> Page {
        let mail = isDevelopment ? PageTemplate.text(PackageResources.home_mail_html) : ""
        let content = PageTemplate.fill(PackageResources.home_html, ["mail": mail])
        return Page(type: html, body: .bytes(PageTemplate.page(content)), policy: staticPolicy, caching: "no-cache")
    }

    /// What lies beside the pages, by name below `/static/pages/`.
    static let files: [String: Page] = [
        "page.css": file(.bytes(PackageResources.page_css), "text/css; charset=utf-8"),
        "icon.svg": file(.bytes(PackageResources.icon_svg), "image/svg+xml"),
        "form.js": file(.bytes(PackageResources.form_js), "text/javascript; charset=utf-8"),
        "verify-email.js": file(.bytes(PackageResources.verify_email_js), "text/javascript; charset=utf-8"),
    ]

    static func file(_ body: MessageBody, _ type: String) -> Page {
        Page(
            type: type, body: body, policy: "default-src 'none'; frame-ancestors 'none'",
            caching: "public, max-age=3600")
    }
}
