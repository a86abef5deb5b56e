// Observability: what a process says about itself while it runs.
//
// Three voices: log lines (a constant sentence, values beside it), metrics (counters, gauges, histograms, read as
// Prometheus text) and the request context (id and W3C trace) that both the lines and the outgoing calls contain. It
// leaves to others: serving `/metrics` (Chassis), deciding what is worth saying (everyone), and exporting spans.
// Nothing here may fail a request or hold up an event loop: a line that cannot be written at once is dropped and
// counted.

/// Identifies the running request: a task-local value, put on each log line and on each call to another service.
package struct TaskContext: Sendable, Equatable {
    /// The id the caller sees in the answer and may quote to support.
    package let requestID: String
    /// Where this request stands in its trace.
    package let trace: TraceContext

    @TaskLocal package static var current: TaskContext?

    package init(requestID: String, trace: TraceContext) {
        self.requestID = requestID
        self.trace = trace
    }
}
