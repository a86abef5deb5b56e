/// One step through a body's bytes.
package enum BodyEvent: Sendable, Hashable {
    /// Bytes of the body, at that range of the bytes given.
    case data(Range<Int>)
    /// The body is whole; what follows belongs to the next message.
    case end
    /// All bytes given were taken and the body is not whole yet.
    case needsMore
}

/// Takes a chunked body apart, RFC 9112 §7.1, however the bytes arrive.
///
/// Sizes are at most 15 hexadecimal digits and nothing else; extensions must follow the grammar without blanks and are
/// limited in sum; trailers must be well-formed, are limited, and are dropped.
package struct ChunkParser: Sendable {
    static let maximumSizeDigits = 15
    static let maximumExtensionBytes = 1_024
    static let maximumTrailerBytes = 4_096

    private enum State: Sendable {
        case size
        case extensionName, extensionNameRest, extensionValue, extensionToken
        case extensionQuoted, extensionEscape, extensionQuoteEnd
        case sizeEnd
        case data, dataReturn, dataEnd
        case trailer, trailerName, trailerValue, trailerLineEnd, trailersEnd
        case done
    }

    private var state = State.size
    /// Bytes of this chunk still to come; while its size is read, the size so far.
    private var remaining = 0
    private var sizeDigits = 0
    private var extensionBytes = 0
    private var trailerBytes = 0

    package init() {}

    /// Takes bytes from `offset` on and moves it behind what was taken. `end` is given again when asked again.
    package mutating func next(_ bytes: Span<UInt8>, at offset: inout Int) throws(MessageFault) -> BodyEvent {
        while state != .done {
            guard offset < bytes.count else { return .needsMore }
            if state == .data {
                let taken = min(remaining, bytes.count - offset)
                let start = offset
                offset += taken
                remaining -= taken
                if remaining == 0 { state = .dataReturn }
                return .data(start..<offset)
            }
            try take(bytes[offset])
            offset += 1
        }
        return .end
    }

    private mutating func take(_ byte: UInt8) throws(MessageFault) {
        switch state {
        case .size: try takeSize(byte)
        case .extensionName, .extensionNameRest, .extensionValue, .extensionToken, .extensionQuoted, .extensionEscape,
            .extensionQuoteEnd:
            try takeExtension(byte)
        case .sizeEnd:
            try expect(byte, 0x0A)
            state = remaining == 0 ? .trailer : .data
        case .dataReturn:
            try expect(byte, 0x0D)
            state = .dataEnd
        case .dataEnd:
            try expect(byte, 0x0A)
            state = .size
            sizeDigits = 0
        case .trailer, .trailerName, .trailerValue, .trailerLineEnd, .trailersEnd: try takeTrailer(byte)
        case .data, .done: break
        }
    }

    private func expect(_ byte: UInt8, _ wanted: UInt8) throws(MessageFault) {
        guard byte == wanted else { throw .badChunk }
    }

    private mutating func takeSize(_ byte: UInt8) throws(MessageFault) {
        if let digit = FieldSyntax.hexValue(byte) {
            sizeDigits += 1
            guard sizeDigits <= Self.maximumSizeDigits else { throw .badChunk }
            remaining = remaining << 4 | Int(digit)
            return
        }
        guard sizeDigits > 0 else { throw .badChunk }
        switch byte {
        case 0x0D: state = .sizeEnd
        case UInt8(ascii: ";"): try countExtension(as: .extensionName)
        default: throw .badChunk
        }
    }

    private mutating func countExtension(as next: State) throws(MessageFault) {
        extensionBytes += 1
        guard extensionBytes <= Self.maximumExtensionBytes else { throw .badChunk }
        state = next
    }

    /// `;name`, `;name=token` or `;name="quoted"`, again and again, up to CR.
    private mutating func takeExtension(_ byte: UInt8) throws(MessageFault) {
        let isToken = FieldSyntax.token.contains(byte)
        let next: State
        switch (state, byte) {
        case (.extensionName, _) where isToken, (.extensionNameRest, _) where isToken: next = .extensionNameRest
        case (.extensionNameRest, UInt8(ascii: "=")): next = .extensionValue
        case (.extensionValue, UInt8(ascii: "\"")): next = .extensionQuoted
        case (.extensionValue, _) where isToken, (.extensionToken, _) where isToken: next = .extensionToken
        case (.extensionQuoted, UInt8(ascii: "\"")): next = .extensionQuoteEnd
        case (.extensionQuoted, UInt8(ascii: "\\")): next = .extensionEscape
        case (.extensionQuoted, _) where FieldSyntax.isValueByte(byte),
            (.extensionEscape, _) where FieldSyntax.isValueByte(byte):
            next = .extensionQuoted
        case (.extensionNameRest, UInt8(ascii: ";")), (.extensionToken, UInt8(ascii: ";")),
            (.extensionQuoteEnd, UInt8(ascii: ";")):
            next = .extensionName
        case (.extensionNameRest, 0x0D), (.extensionToken, 0x0D), (.extensionQuoteEnd, 0x0D): next = .sizeEnd
        default: throw .badChunk
        }
        try countExtension(as: next)
    }

    private mutating func takeTrailer(_ byte: UInt8) throws(MessageFault) {
        trailerBytes += 1
        guard trailerBytes <= Self.maximumTrailerBytes else { throw .trailersTooLong }
        switch state {
        case .trailer where byte == 0x0D: state = .trailersEnd
        case .trailer where FieldSyntax.name.contains(byte): state = .trailerName
        case .trailerName where byte == UInt8(ascii: ":"): state = .trailerValue
        case .trailerName where FieldSyntax.name.contains(byte): break
        case .trailerValue where byte == 0x0D: state = .trailerLineEnd
        case .trailerValue where FieldSyntax.isValueByte(byte): break
        case .trailerLineEnd where byte == 0x0A: state = .trailer
        case .trailersEnd where byte == 0x0A: state = .done
        default: throw .badTrailer
        }
    }
}
