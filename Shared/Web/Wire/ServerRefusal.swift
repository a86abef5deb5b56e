import API
package import HTTP
package import Kernel

extension Problem {
    /// What the server itself refused, in the words of the contract.
    package init(_ fault: HTTPFault) {
        switch fault {
        case .message(let fault): self.init(fault)
        case .tooSlow: self.init(.requestTimeout, "The request did not arrive in time.")
        case .bodyTooLarge: self.init(.payloadTooLarge, "The request body is too large.")
        case .disconnected, .answered: self.init(.malformedRequest, "The request was not complete.")
        }
    }

    package init(_ fault: MessageFault) {
        switch fault.status {
        case 405: self.init(.methodNotAllowed, "This method is not allowed.")
        case 414: self.init(.uriTooLong, "The address is too long.")
        case 417: self.init(.expectationFailed, "This expectation cannot be met.")
        case 431: self.init(.headersTooLarge, "The request's header fields are too large.")
        case 501: self.init(.notImplemented, "The server does not support what this request needs.")
        case 505: self.init(.versionNotSupported, "Only HTTP/1.1 is spoken here.")
        default: self.init(.malformedRequest, "The request is malformed.")
        }
    }
}

extension ProblemAnswer {
    /// For `HTTPServer`: what never became a request is answered in the envelope too.
    package static let refusal: @Sendable (HTTPFault) -> Response = { fault in
        ProblemAnswer(Problem(fault), requestID: RequestID.make(), allowed: Verb.allCases).response
    }
}
