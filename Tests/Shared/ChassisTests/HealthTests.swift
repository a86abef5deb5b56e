import Chassis
import HTTP
import JSON
import Kernel
import Observability
import Testing

@testable import Chassis

@Suite struct HealthTests {
    private struct Down: Error {}

    private func page(_ health: Health) -> OpsPage { OpsPage(health: health, metrics: Metrics()) }

    private func ask(_ page: OpsPage, _ target: String) async throws -> (status: Int, json: JSONValue?) {
        let response = await page.answer(try Request(.get, target))
        guard case .bytes(let bytes) = response.body else { return (response.status.code, nil) }
        return (response.status.code, try? JSONReader.read(bytes))
    }

    @Test func `a process is alive before it is ready, and ready only while it takes work`() async throws {
        let health = Health()
        let page = page(health)
        #expect(try await ask(page, "/livez").status == 200)
        #expect(try await ask(page, "/readyz").status == 503)
        health.open([Probe("database") {}])
        #expect(try await ask(page, "/readyz").status == 200)
        health.close()
        #expect(try await ask(page, "/readyz").status == 503)
        #expect(try await ask(page, "/livez").status == 200)
    }

    @Test func `without what it needs it is not ready, without what it can miss it is degraded`() async throws {
        let health = Health()
        let page = page(health)
        health.open([Probe("database") {}, Probe("redis", .degrading) { throw Down() }])
        let degraded = try await ask(page, "/readyz?verbose")
        #expect(degraded.status == 200)
        #expect(degraded.json == ["status": "degraded", "checks": ["database": "ok", "redis": "failed"]])
        health.open([Probe("redis", .degrading) { throw Down() }, Probe("database") { throw Down() }])
        #expect(try await ask(page, "/readyz").status == 503)
    }

    @Test func `metrics are Prometheus text`() async throws {
        let metrics = Metrics()
        metrics.counter("praxis_things_total", "Things.").add(3)
        let response = await OpsPage(health: Health(), metrics: metrics).answer(try Request(.get, "/metrics"))
        guard case .bytes(let bytes) = response.body else {
            Issue.record("no body")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self).contains("praxis_things_total 3"))
        #expect(response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
    }
}
