import Crypto
import HTTP
import Lifecycle

/// SHA-256 over what a request says, by which a repeated `Idempotency-Key` is known to repeat the same request: method,
/// target and body, hashed as the body is read. Of a multipart body names and contents count, not the boundary, which
/// every try makes anew.
package final class RequestFingerprint: Sendable {
    private struct State {
        let whole = RunningSHA256()
        var part: RunningSHA256?
        var digest: [UInt8]?
    }

    private let state = Locked(State())

    package init(method: String, target: String) {
        add(CanonicalText.bytes([("method", method), ("target", target)]))
    }

    convenience init(_ request: Request) {
        self.init(method: request.method.rawValue, target: String(decoding: request.rawTarget, as: UTF8.self))
    }

    /// Nil until the body is whole.
    package var digest: [UInt8]? { state.withLock { $0.digest } }

    /// The next bytes of the body, or of the part that was begun last.
    package func add(_ bytes: [UInt8]) {
        state.withLock { ($0.part ?? $0.whole).update(bytes) }
    }

    func beginPart(name: String, fileName: String?) {
        state.withLock { state in
            var fields = [("part", name)]
            if let fileName { fields.append(("file", fileName)) }
            state.whole.update(CanonicalText.bytes(fields))
            state.part = RunningSHA256()
        }
    }

    func endPart() {
        state.withLock { state in
            if let digest = state.part.take()?.finish() { state.whole.update(digest) }
        }
    }

    /// The body is whole.
    package func end() {
        state.withLock { if $0.digest == nil { $0.digest = $0.whole.finish() } }
    }
}
