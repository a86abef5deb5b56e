internal import Glibc
internal import Kernel
internal import Lifecycle
package import Redis

/// A Redis of one test's own, which may be killed, stopped and started again.
package final class TestRedis: Sendable {
    private let folder: String
    private let isSentinel: Bool
    private let leash = Locked<(watcher: pid_t, end: Int32)?>(nil)

    /// Where the server is, or will be.
    package var settings: RedisSettings {
        RedisSettings(address: .unix(path: "\(folder)/redis.sock"), timeout: .seconds(2))
    }

    /// - Parameter isSentinel: whether the server is one that watches others, and holds no data.
    package init(isSentinel: Bool = false) {
        self.isSentinel = isSentinel
        folder = "/tmp/pxr.\(getpid()).\(UInt32.random(in: 0 ... .max))"
        start()
    }

    /// Starts an empty server, and returns when it answers. A shell ends it when this process is gone.
    package func start() {
        let ends = Child.pipe(), ready = Child.pipe()
        let mode = isSentinel ? "--sentinel" : ""
        let watcher = Child.spawn(
            ["sh", "-c", Self.script, "redis", folder, mode], input: ends.read, output: ready.write)
        close(ends.read)
        close(ready.write)
        var byte: UInt8 = 0
        precondition(unsafe read(ready.read, &byte, 1) == 1, "redis did not start")
        close(ready.read)
        leash.withLock { $0 = (watcher, ends.write) }
    }

    /// Sends the server a signal: `SIGKILL`, or `SIGSTOP` and `SIGCONT`.
    package func signal(_ signal: Int32) {
        _ = Child.run(["sh", "-c", "kill -\(signal) $(cat \(folder)/pid)"])
    }

    /// Ends the server, by force, and waits until it is gone.
    package func stop() {
        let held = leash.withLock { leash in
            defer { leash = nil }
            return leash
        }
        guard let held else { return }
        close(held.end)
        var status: Int32 = 0
        _ = unsafe waitpid(held.watcher, &status, 0)
    }

    private static let script = #"""
        exec 3>&1 1>/dev/null 2>/dev/null
        mkdir -p "$1"
        printf 'port 0\nunixsocket %s/redis.sock\ndir %s\n' "$1" "$1" >"$1/conf"
        if [ -z "$2" ]; then printf 'save ""\nappendonly no\n' >>"$1/conf"; fi
        redis-server "$1/conf" $2 3>&- </dev/null &
        redis=$!; echo $redis >"$1/pid"
        until redis-cli -s "$1/redis.sock" ping 3>&- | grep -q PONG; do sleep 0.02; done
        echo ready >&3; exec 3>&-
        read -r _
        kill -9 $redis; wait $redis; rm -rf "$1"
        """#
}

extension TestCluster {
    /// How to reach the shared Redis; tests there keep to keys of their own.
    package var redisSettings: RedisSettings {
        guard var settings = RedisSettings(Secret(redis)) else {
            preconditionFailure("PRAXIS_TEST_REDIS is no address")
        }
        settings.timeout = .seconds(2)
        return settings
    }
}
