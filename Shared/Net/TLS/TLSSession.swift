internal import COpenSSL
internal import Glibc

/// What came of one attempt to move bytes.
enum Transfer: Equatable {
    case moved(Int)
    /// Nothing now; to be tried again when the descriptor can be read, or written.
    case waitsToRead
    case waitsToWrite
    case ended
    case failed(StreamFailure)

    /// The TLS state that the stream's machine sees.
    var attempt: StreamMachine.Attempt {
        switch self {
        case .moved: .moved
        case .waitsToRead: .waitsToRead
        case .waitsToWrite: .waitsToWrite
        case .ended: .ended
        case .failed: .failed
        }
    }

    /// Why the stream is to be closed.
    var failure: StreamFailure {
        if case .failed(let failure) = self { failure } else { .closed }
    }
}

/// TLS over one non-blocking descriptor.
@safe final class TLSSession {
    private let raw: OpaquePointer
    private let context: TLSContext

    /// `serverName` is what a client asks for and what the certificate must be made out to.
    init(_ context: TLSContext, fd: Int32, serverName: String?) throws(TLSContext.Fault) {
        guard let raw = unsafe context.newSession() else { throw .last("session") }
        unsafe self.raw = raw
        self.context = context
        guard unsafe SSL_set_fd(raw, fd) == 1 else { throw .last("descriptor") }
        if context.isServer {
            unsafe SSL_set_accept_state(raw)
        } else {
            guard let serverName else { throw TLSContext.Fault(step: "name", detail: "missing") }
            unsafe SSL_set_connect_state(raw)
            guard unsafe praxis_tls_server_name(raw, serverName) == 1, unsafe SSL_set1_host(raw, serverName) == 1 else {
                throw .last("name")
            }
        }
    }

    deinit { unsafe SSL_free(raw) }

    var hasPendingInput: Bool { unsafe SSL_pending(raw) > 0 }

    func handshake() -> Transfer {
        ERR_clear_error()
        let outcome = unsafe SSL_do_handshake(raw)
        return outcome == 1 ? .moved(0) : verdict(outcome)
    }

    func read(into room: UnsafeMutableRawBufferPointer) -> Transfer {
        ERR_clear_error()
        let count = unsafe SSL_read(raw, room.baseAddress, Int32(clamping: room.count))
        return count > 0 ? .moved(Int(count)) : verdict(count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        ERR_clear_error()
        let count = unsafe SSL_write(raw, bytes.baseAddress, Int32(clamping: bytes.count))
        return count > 0 ? .moved(Int(count)) : verdict(count)
    }

    /// Says that we write no more; to be repeated when the socket had no room for it, and not otherwise: a second time
    /// it would throw away what the other side still sends.
    func finish() -> Transfer {
        ERR_clear_error()
        defer { ERR_clear_error() }
        let outcome = unsafe SSL_shutdown(raw)
        return outcome < 0 && verdict(outcome) == .waitsToWrite ? .waitsToWrite : .moved(0)
    }

    private func verdict(_ outcome: Int32) -> Transfer {
        let system = errno
        switch unsafe SSL_get_error(raw, outcome) {
        case SSL_ERROR_WANT_READ: return .waitsToRead
        case SSL_ERROR_WANT_WRITE: return .waitsToWrite
        case SSL_ERROR_ZERO_RETURN: return .ended
        case SSL_ERROR_SYSCALL: return .failed(.socket(SocketError(operation: "tls", code: system)))
        default: return .failed(.tls(TLSContext.Fault.last("tls").detail))
        }
    }
}
