"""Looking into the stores from the side, as an operator (or a thief) could."""

import subprocess

from .house import House


def psql(house: House, statement: str) -> list[list[str]]:
    """Rows as text, asked as the owner of everything."""
    done = house.postgres.run_tool(
        "psql",
        "--dbname",
        "praxis",
        "--no-psqlrc",
        "--tuples-only",
        "--no-align",
        "--field-separator",
        "\x1f",
        "--command",
        statement,
    )
    assert done.returncode == 0, done.stderr
    return [line.split("\x1f") for line in done.stdout.splitlines() if line]


def dump(house: House) -> str:
    done = house.postgres.run_tool("pg_dump", "--dbname", "praxis", "--inserts")
    assert done.returncode == 0, done.stderr
    return done.stdout


def redis_cli(house: House, *words: str) -> str:
    command = ["/usr/bin/redis-cli", "-s", str(house.redis.socket), "--raw", *words]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")


READERS = {
    "string": ("get",),
    "list": ("lrange", 0, -1),
    "set": ("smembers",),
    "hash": ("hgetall",),
    "zset": ("zrange", 0, -1, "withscores"),
    "stream": ("xrange", "-", "+"),
}


def redis_contents(house: House) -> str:
    """Every key and all it holds."""
    found = []
    for key in redis_cli(house, "--scan").splitlines():
        verb, *rest = READERS[redis_cli(house, "type", key).strip()]
        found += [key, redis_cli(house, verb, key, *map(str, rest))]
    return "\n".join(found)
