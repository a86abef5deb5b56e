// What a link in a verification mail opens: a button. The token leaves the address bar as soon as it is read. A link does
// not say whose it is: a provider's is tried first, then a patient's.
const form = document.querySelector("form");
const button = form.querySelector("button");
const status = document.querySelector("[role=status]");
const token = new URLSearchParams(location.search).get("token") ?? "";
history.replaceState(null, "", location.pathname);

function say(text, kind = "") {
    status.textContent = text;
    status.className = kind;
}

if (token === "") {
    form.hidden = true;
    say("Please open this page with the link from your email.");
}

form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    say("Please wait …");
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
        say(faults.length > 0 ? faults.join(" ") : json.message, answer.ok ? "done" : "bad");
        form.hidden = answer.ok;
        button.disabled = false;
        status.focus();
    } catch {
        say("The service cannot be reached. Please try again.", "bad");
        button.disabled = false;
    }
});
