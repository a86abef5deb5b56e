import HTTP
import Testing

@Suite struct ByteSearchTests {
    /// What differs from a carriage return in a bit, or by one.
    private static let others: [UInt8] = [0x0C, 0x0E, 0x8D, 0x00, 0xFF, 0x4D, 0x1D, 0x0F]

    @Test(arguments: 0..<40)
    func `a byte is found where it stands first, wherever that is, or the end`(count: Int) {
        for place in 0...count {
            var bytes = (0..<count).map { Self.others[$0 % 8] }
            for again in place..<count where again % 3 == place % 3 { bytes[again] = 0x0D }
            let found = (0...count).map { ByteSearch.first(0x0D, in: bytes.span, from: $0) }
            #expect(found == (0...count).map { bytes[$0...].firstIndex(of: 0x0D) ?? count }, "\(place)")
        }
    }
}
