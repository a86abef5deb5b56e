/// What a link in a verification mail opens: a button. The token leaves the address bar as soon as the page has read it.
/// A link does not say whose it is: a provider's is tried first, then a patient's.
enum VerifyEmailPage {
    static let scriptPath = "/static/pages/verify-email.js"

    static let page = ActingPage(
        path: "/verify-email", title: "Confirm your email address",
        content: """
            <form>
            <p>Press the button to confirm that this address is yours.</p>
            <button type="submit">Confirm my email address</button>
            </form>
            """, script: scriptPath)

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
