"""nginx with one worker: what the house is held against, and the upstream behind both proxies."""

import subprocess
from pathlib import Path

from cost import pin

from house.waiting import until

import httpx

FRAME = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{ worker_connections 1024; }}
http {{
    access_log off; default_type application/json;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {content}
}}
"""

BODY = '{"success":true,"message":"ok","data":"' + "x" * 115 + '"}'

FIXED = """
    server {{ listen 127.0.0.1:{port}; keepalive_requests {kept}; location / {{ return 200 '{body}'; }} }}
"""

PROXY = """
    upstream stub {{ server 127.0.0.1:{stub}; keepalive 64; keepalive_requests 1000000; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://stub; proxy_http_version 1.1; proxy_set_header Connection ""; }}
    }}
"""


class Nginx:
    def __init__(self, folder: Path, port: int, content: str, core: int, **values):
        folder.mkdir()
        self.url = f"http://127.0.0.1:{port}/"
        file = folder / "nginx.conf"
        content = content.format(port=port, body=BODY, **values)
        file.write_text(FRAME.format(folder=folder, content=content, user="user root;" if is_root() else ""))
        self.process = subprocess.Popen(
            ["/usr/sbin/nginx", "-c", file, "-p", folder], stderr=subprocess.DEVNULL, start_new_session=True)
        until(lambda: httpx.get(self.url, trust_env=False).status_code == 200, 10, "nginx")
        pin(self.process.pid, core)

    def pid(self) -> int:
        return self.process.pid

    def __enter__(self) -> "Nginx":
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait(10)


def fixed(folder: Path, port: int, core: int, kept: int = 1000) -> Nginx:
    return Nginx(folder, port, FIXED, core, kept=kept)


def proxy(folder: Path, port: int, core: int, stub: int) -> Nginx:
    return Nginx(folder, port, PROXY, core, stub=stub)


def is_root() -> bool:
    return Path("/proc/self").stat().st_uid == 0
