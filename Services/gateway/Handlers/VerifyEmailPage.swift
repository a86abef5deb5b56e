/// What a link in a mail opens. It only shows a button: mail scanners follow links, so nothing happens until a person
/// presses it and the page posts the token. The token leaves the address bar as soon as the page has read it.
enum VerifyEmailPage {
    static let path = "/verify-email"
    static let scriptPath = "/static/pages/verify-email.js"
    static let policy =
        "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'"

    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>Confirm your email address</title>
        </head>
        <body>
        <main>
        <h1>Confirm your email address</h1>
        <form>
        <p>Press the button to confirm that this address is yours.</p>
        <button type="submit">Confirm my email address</button>
        </form>
        <p role="status" aria-live="polite"></p>
        <noscript><p>This page needs JavaScript to confirm your address.</p></noscript>
        </main>
        <script src="\(scriptPath)"></script>
        </body>
        </html>
        """

    static let script = """
        const form = document.querySelector("form");
        const button = form.querySelector("button");
        const status = document.querySelector("[role=status]");
        const token = new URLSearchParams(location.search).get("token") ?? "";
        history.replaceState(null, "", location.pathname);

        form.addEventListener("submit", async (event) => {
            event.preventDefault();
            button.disabled = true;
            status.textContent = "One moment …";
            try {
                let answer;
                // A token proves an email where its account is one of this kind, and elsewhere nothing.
                for (const kind of ["provider", "patient"]) {
                    answer = await fetch(`/api/v1/${kind}/verify-email`, {
                        method: "POST",
                        headers: { "Content-Type": "application/json" },
                        body: JSON.stringify({ token }),
                    });
                    if (answer.ok) break;
                }
                const json = await answer.json();
                const faults = Object.values(json.errors ?? {}).flat();
                status.textContent = faults.length > 0 ? faults.join(" ") : json.message;
                button.disabled = answer.ok;
            } catch {
                status.textContent = "The service cannot be reached. Please try again.";
                button.disabled = false;
            }
        });
        """
}
