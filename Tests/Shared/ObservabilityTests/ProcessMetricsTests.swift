import Glibc
import Observability
import Testing

@Test func `a process knows its size, its descriptors and its start`() throws {
    let metrics = Metrics()
    ProcessMetrics.register(in: metrics)
    func value(_ name: String) throws -> Double {
        let line = Exposition.text(of: metrics).split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return try #require(line.flatMap { Double($0.dropFirst(name.count + 1)) })
    }
    #expect(try value("process_resident_memory_bytes") > 1_000_000)
    #expect(try value("process_threads") >= 1)
    #expect(try value("process_cpu_seconds_total") >= 0)
    #expect(try value("process_max_fds") >= value("process_open_fds"))
    let age = Double(time(nil)) - (try value("process_start_time_seconds"))
    #expect(age > -5 && age < 3600)
    #expect(try value("process_open_fds") >= 3)
}
