import Glibc
import Observability
import Testing

@Test func `the log can be named beside the C library's logarithm`() {
    log.debug("beside the C library", ["logarithm": log(1.0)])
    #expect(log(1.0) == 0)
}
