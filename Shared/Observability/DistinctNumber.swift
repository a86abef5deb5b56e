import Synchronization

/// Numbers for ids that must differ but need no secrecy: a sequence that never repeats (SplitMix64), begun at a random
/// place by each process. One atomic instruction; asking the system for randomness costs a call each time.
package enum DistinctNumber {
    private static let state = Atomic<UInt64>(.random(in: 0 ... .max))

    package static func make() -> UInt64 {
        var number = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
        return number ^ number >> 31
    }
}
