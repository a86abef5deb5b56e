internal import Glibc
internal import Lifecycle

/// A PostgreSQL cluster and a Redis of the tests' own, on unix sockets in a short temporary folder. Given by PRAXIS_TEST_POSTGRES
/// (a libpq URI of a superuser) and PRAXIS_TEST_REDIS (`unix:/path`), or started once per process; a shell that watches this process
/// stops them when it ends, however it ends.
package struct TestCluster: Sendable {
    package let postgres: String
    package let redis: String

    /// The cluster of this process; starting one takes about a second, once.
    package static let shared = TestCluster()

    private init() {
        let given = (Self.environment("PRAXIS_TEST_POSTGRES"), Self.environment("PRAXIS_TEST_REDIS"))
        if let postgres = given.0, let redis = given.1 {
            (self.postgres, self.redis) = (postgres, redis)
            return
        }
        let folder = Self.start()
        postgres = given.0 ?? "postgresql:///postgres?host=\(folder)&user=postgres"
        redis = given.1 ?? "unix:\(folder)/redis.sock"
    }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    private static func start() -> String {
        var ends: [Int32] = [-1, -1]
        var ready: [Int32] = [-1, -1]
        precondition(unsafe pipe(&ends) == 0 && pipe(&ready) == 0, "no pipe")
        // Only this process holds the writing end; when it is gone, the shell's `read` ends.
        closeOnExec(ends[1])
        closeOnExec(ready[0])
        Child.spawn(["sh", "-c", script], input: ends[0], output: ready[1], closing: [ends[0], ready[1]])
        close(ends[0])
        close(ready[1])
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(ready[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        close(ready[0])
        let answer = String(decoding: line, as: UTF8.self)
        precondition(answer.hasPrefix("/"), "the test cluster did not start: \(answer)")
        return answer
    }

    private static func closeOnExec(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// `initdb` and `postgres` refuse root, so under root they run as the user `postgres`.
    private static let script = #"""
        exec 3>&1 1>/dev/null 2>/dev/null
        folder=$(mktemp -d /tmp/pxt.XXXXXX); log=$folder/log
        as=""; if [ "$(id -u)" = 0 ]; then as="runuser -u postgres --"; chown postgres "$folder"; fi
        bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1); bin=${bin:-$(dirname "$(command -v initdb)")}
        cd "$folder"
        fail() { printf '%s\n' "$1" >&3; $as "$bin/pg_ctl" -D "$folder/data" -m immediate stop; rm -rf "$folder"; exit 1; }
        $as "$bin/initdb" -D "$folder/data" -U postgres --auth=trust --no-sync --no-locale -E UTF8 >"$log" 2>&1 3>&- \
            || fail "initdb: $(tail -1 "$log")"
        $as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/data/log" -o "-k $folder -c listen_addresses='' -c fsync=off \
            -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 -c log_error_verbosity=terse \
            -c log_min_error_statement=panic -c deadlock_timeout=100ms" start >>"$log" 2>&1 3>&- </dev/null || fail "pg_ctl: $(tail -1 "$log")"
        redis-server --port 0 --unixsocket "$folder/redis.sock" --unixsocketperm 777 --save '' --appendonly no \
            --dir "$folder" --daemonize no >"$folder/redis.log" 2>&1 3>&- </dev/null &
        redis=$!
        tries=0
        until redis-cli -s "$folder/redis.sock" ping 3>&- | grep -q PONG; do
            tries=$((tries + 1)); [ $tries -lt 100 ] || fail "redis: $(tail -1 "$folder/redis.log")"; sleep 0.05
        done
        printf '%s\n' "$folder" >&3; exec 3>&-
        read -r _
        kill $redis; $as "$bin/pg_ctl" -D "$folder/data" -m immediate stop
        rm -rf "$folder"
        """#
}
