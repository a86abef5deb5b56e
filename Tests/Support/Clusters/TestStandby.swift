package import Kernel

/// A hot standby of a cluster of a test's own: a copy that follows it, and can be read. It ends with this process.
package struct TestStandby: Sendable {
    private let folder: String

    /// Where to find it.
    package var url: Secret { Secret("postgresql:///postgres?host=\(folder)&port=5433&user=postgres") }

    package init(of cluster: TestCluster) {
        guard let home = cluster.folder else { preconditionFailure("a cluster of the test's own") }
        folder = Child.leashed(Self.script, home)
    }

    /// Ends its following; it can be written to from then on.
    package func promote() {
        let script = Self.tools + #"$as "$bin/pg_ctl" -D "$1/standby" -w promote"#
        let (status, output) = Child.run(["sh", "-c", script, "promote", folder])
        precondition(status == 0, "the standby was not promoted: \(output)")
    }

    private static let tools = #"""
        cd "$1"; as=""; if [ "$(id -u)" = 0 ]; then as="runuser -u postgres --"; fi
        bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1); bin=${bin:-$(dirname "$(command -v initdb)")}

        """#

    private static let script =
        "exec 3>&1 1>/dev/null 2>/dev/null\n" + tools + #"""
            {
                $as "$bin/pg_basebackup" -h "$1" -U postgres -D "$1/standby" -R -X stream --checkpoint=fast --no-sync
                $as "$bin/pg_ctl" -D "$1/standby" -w -l "$1/standby/log" -o "-p 5433" start
            } 3>&- </dev/null || { printf 'no standby\n' >&3; exit 1; }
            printf '%s\n' "$1" >&3; exec 3>&-
            read -r _
            $as "$bin/pg_ctl" -D "$1/standby" -m immediate stop
            """#
}
