internal import Glibc
internal import Lifecycle

/// A PostgreSQL cluster and a Redis of the tests' own, on unix sockets in a short temporary folder. Given by
/// PRAXIS_TEST_POSTGRES (a libpq URI of a superuser) and PRAXIS_TEST_REDIS (`unix:/path`), or started once per process;
/// a shell that watches this process stops them when it ends, however it ends.
package struct TestCluster: Sendable {
    package let postgres: String
    package let redis: String
    /// Where they live; nil when they were given.
    let folder: String?

    /// The cluster of this process; starting one takes about a second, once.
    package static let shared = TestCluster()

    private init() {
        let given = (Self.environment("PRAXIS_TEST_POSTGRES"), Self.environment("PRAXIS_TEST_REDIS"))
        if let postgres = given.0, let redis = given.1 {
            self.init(in: nil, postgres: postgres, redis: redis)
        } else {
            let folder = Self.start()
            self.init(in: folder, postgres: given.0, redis: given.1)
        }
    }

    private init(in folder: String?, postgres: String? = nil, redis: String? = nil) {
        self.folder = folder
        self.postgres = postgres ?? "postgresql:///postgres?host=\(folder ?? "")&user=postgres"
        self.redis = redis ?? "unix:\(folder ?? "")/redis.sock"
    }

    /// One more cluster, for a test that is going to hurt it. It lives until this process ends.
    package static func own() -> TestCluster { TestCluster(in: start()) }

    /// Kills the server as a power cut would: `kill -9` to all of it.
    package func killPostgres() {
        guard let folder else { return }
        _ = Child.run(["sh", "-c", "read -r pid <\(folder)/data/postmaster.pid; kill -9 $(pgrep -P $pid) $pid"])
    }

    /// Starts the server again and returns when it answers.
    package func startPostgres() {
        guard let folder else { return }
        let (status, output) = Child.run(["sh", "-c", Self.restart, "restart", folder])
        precondition(status == 0, "the test cluster did not come back: \(output)")
    }

    private static let restart = #"""
        cd "$1"; as=""; if [ "$(id -u)" = 0 ]; then as="runuser -u postgres --"; fi
        bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1); bin=${bin:-$(dirname "$(command -v initdb)")}
        for try in 1 2 3 4 5 6 7 8 9 10; do
            $as "$bin/pg_ctl" -D "$1/data" -w -l "$1/data/log" start >/dev/null 2>&1 </dev/null && exit 0
            sleep 0.2
        done
        tail -3 "$1/data/log"; exit 1
        """#

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    private static func start() -> String { Child.leashed(script) }

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
        $as sh -c 'cat >>"$1/data/postgresql.conf"' sh "$folder" 3>&- <<END
        unix_socket_directories = '$folder'
        listen_addresses = ''
        fsync = off
        full_page_writes = off
        max_connections = 200
        log_error_verbosity = terse
        log_min_error_statement = panic
        deadlock_timeout = 100ms
        END
        $as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/data/log" start >>"$log" 2>&1 3>&- </dev/null \
            || fail "pg_ctl: $(tail -1 "$log")"
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
