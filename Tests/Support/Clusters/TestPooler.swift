package import Kernel

/// A PgBouncer before a cluster of a test's own. It ends with this process.
package struct TestPooler: Sendable {
    /// How long a client keeps a server connection.
    package enum Mode: String, Sendable { case session, transaction }

    private let folder: String
    private let user: String

    /// Where its clients find it, as the user it was made for.
    package var url: Secret { Secret("postgresql:///postgres?host=\(folder)&port=6543&user=\(user)") }

    /// - Parameter ignoring: start-up parameters that are dropped instead of refused, as `options`.
    package init(before cluster: TestCluster, _ mode: Mode, user: String = "postgres", ignoring: String = "") {
        guard let home = cluster.folder else { preconditionFailure("a cluster of the test's own") }
        self.user = user
        folder = Child.leashed(Self.script, home, mode.rawValue, user, ignoring)
    }

    /// PgBouncer refuses root.
    private static let script = #"""
        exec 3>&1 1>/dev/null 2>/dev/null
        as=""; if [ "$(id -u)" = 0 ]; then as="runuser -u postgres --"; fi
        folder=$(mktemp -d /tmp/pxb.XXXXXX); cd "$folder"
        cat >"$folder/ini" <<END
        [databases]
        * = host=$1 port=5432 user=$3
        [pgbouncer]
        listen_addr =
        listen_port = 6543
        unix_socket_dir = $folder
        auth_type = any
        pool_mode = $2
        default_pool_size = 40
        ignore_startup_parameters = $4
        logfile = $folder/log
        END
        if [ "$(id -u)" = 0 ]; then chown -R postgres "$folder"; fi
        PATH=$PATH:/usr/sbin $as pgbouncer -q "$folder/ini" 3>&- </dev/null &
        pid=$!; tries=0
        until [ -S "$folder/.s.PGSQL.6543" ]; do
            tries=$((tries + 1)); [ $tries -lt 200 ] || { printf 'no pgbouncer\n' >&3; exit 1; }; sleep 0.05
        done
        printf '%s\n' "$folder" >&3; exec 3>&-
        read -r _
        kill $pid; rm -rf "$folder"
        """#
}
