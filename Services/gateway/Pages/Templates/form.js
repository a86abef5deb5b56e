// Posts a page's form as JSON, with the token its link carried, and tells what came of it: what is wrong with a field
// beside that field, all else in the status line. The token leaves the address bar as soon as it is read.
const status = document.querySelector("[role=status]");
const token = new URLSearchParams(location.search).get("token") ?? "";
history.replaceState(null, "", location.pathname);

for (const part of document.querySelectorAll("[data-when]")) {
    part.hidden = (part.dataset.when === "token") !== (token !== "");
}

function say(text, kind = "") {
    status.textContent = text;
    status.className = kind;
}

function mark(input, faults) {
    document.getElementById(`${input.name}-fault`).textContent = faults.join(" ");
    if (faults.length > 0) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
}

function bodyOf(form) {
    const filled = [...new FormData(form)].filter(([name, value]) => value !== "" || form.elements[name].required);
    return JSON.stringify({ ...Object.fromEntries(filled), ...(token === "" ? {} : { token }) });
}

function showFaults(form, json) {
    const inputs = [...form.querySelectorAll("input")];
    const faults = json.errors ?? {};
    for (const input of inputs) mark(input, faults[input.name] ?? []);
    const others = Object.entries(faults).filter(([name]) => !inputs.some((input) => input.name === name));
    const wrong = inputs.filter((input) => faults[input.name]);
    say(others.length > 0 ? others.flatMap(([, texts]) => texts).join(" ")
        : wrong.length > 0 ? "Please correct the marked fields." : json.message, "bad");
    (wrong[0] ?? status).focus();
}

async function send(form) {
    const button = form.querySelector("button");
    button.disabled = true;
    say("Please wait …");
    try {
        // A mail program posts to the link as it is: there the token stands in the address.
        const query = form.dataset.token === "query" ? `?token=${encodeURIComponent(token)}` : "";
        const answer = await fetch(form.dataset.to + query, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: bodyOf(form),
        });
        const json = await answer.json();
        if (answer.ok) {
            form.hidden = true;
            form.reset();
            say([json.message, form.dataset.then].filter(Boolean).join(" "), "done");
            status.focus();
        } else {
            showFaults(form, json);
        }
    } catch {
        say("The service cannot be reached. Please try again.", "bad");
    }
    button.disabled = false;
}

for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        send(form);
    });
}
