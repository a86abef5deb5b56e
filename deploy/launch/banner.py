"""What a person sees when everything runs: addresses, accounts, and one curl with the answer it just gave."""

import os
import subprocess

from environment import TOP, Environment
from services import Fleet


def print_box(fleet: Fleet, accounts: list[list[str]], setup_link: str = "") -> None:
    url = fleet.gateway_url
    lines = [f"Praxis is running ({fleet.environment['PRAXIS_ENV'] or 'development'}).", "", f"API    {url}"]
    if has_docs(fleet.environment):
        lines.append(f"Docs   {url}/docs")
    if keeps_mail(fleet.environment):
        lines.append(f"Mail   {url}/dev/mail")
    if accounts:
        lines += ["", "Demo accounts"] + [f"  {name:<16} {password:<12} {what}" for name, password, what in accounts]
    if setup_link:
        lines += ["", "There is no administrator yet. This link makes the first one, once, within a day:", setup_link]
    lines += ["", "make status · make logs · make down · make reset starts afresh"]
    width = max(map(len, lines))
    print("\n┌" + "─" * (width + 2) + "┐")
    for line in lines:
        print(f"│ {line:<{width}} │")
    print("└" + "─" * (width + 2) + "┘")
    print_curl(f"curl -s{'k' if url.startswith('https') else ''} {url}/api/v1/health")
    if accounts:
        staff = next((name for name, *_ in accounts if name == "demo_staff"), accounts[-1][0])
        print("The demo's patients:")
        print(f'$ curl -s {url}/api/patients -H "Authorization: Bearer $(make -s praxis do="token {staff}")"\n')


def has_docs(environment: Environment) -> bool:
    """The pages were fetched; without network the first start goes on without them."""
    return (TOP / (environment["STATIC_DIR"] or "var/static") / "swagger").is_dir()


def keeps_mail(environment: Environment) -> bool:
    """Mail is kept and shown in development, unless it goes to a server."""
    is_sent = environment.any_of("EMAIL_HOST", "SMTP_HOST") and (environment["EMAIL_BACKEND"] or "smtp") == "smtp"
    return environment.is_development and not is_sent


def print_curl(command: str) -> None:
    """Runs the command as it is printed, so that what is shown is true."""
    environment = os.environ | {"no_proxy": "localhost,127.0.0.1"}
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=20, env=environment)
    print(f"\n$ {command}\n{done.stdout.strip() or f'(no answer: curl ended with {done.returncode})'}\n")
