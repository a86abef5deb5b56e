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

        async function verify(path) {
            const answer = await fetch(path, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ token }),
            });
            return { answer, json: await answer.json() };
        }

        form.addEventListener("submit", async (event) => {
            event.preventDefault();
            button.disabled = true;
            status.textContent = "One moment …";
            try {
                let { answer, json } = await verify("/api/v1/provider/verify-email");
                if (!answer.ok && json.errors?.token) {
                    const second = await verify("/api/v1/patient/verify-email");
                    if (second.answer.ok) ({ answer, json } = second);
                }
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
