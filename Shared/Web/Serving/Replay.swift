package import HTTP

/// Thrown instead of doing a write again: the answer its `Idempotency-Key` got the first time.
package struct Replay: Error {
    package let response: Response

    /// Adds `Idempotency-Replayed: true` to what was kept.
    package init(_ kept: Response) {
        var response = kept
        response.headers.set("Idempotency-Replayed", "true")
        self.response = response
    }
}
