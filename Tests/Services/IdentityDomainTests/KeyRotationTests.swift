import IdentityDomain
import Kernel
import Testing

@Suite struct KeyRotationTests {
    let start = Instant(seconds: 1_700_000_000)
    let rotation = KeyRotation()
    func day(_ number: Int64) -> Instant { start + .seconds(number * 86_400) }

    @Test func `the first key signs at once`() {
        #expect(rotation.nextSigns(among: [], at: start) == start)
    }

    @Test func `the next key is published a day before it signs`() {
        let keys = [KeyRotation.Key(kid: "a", signsFrom: start)]
        #expect(rotation.nextSigns(among: keys, at: day(88)) == nil)
        #expect(rotation.nextSigns(among: keys, at: day(89)) == day(90))
        #expect(rotation.nextSigns(among: keys, at: day(200)) == day(201))
        let both = keys + [KeyRotation.Key(kid: "b", signsFrom: day(90))]
        #expect(rotation.nextSigns(among: both, at: day(89)) == nil)
        #expect(rotation.signer(among: both, at: day(89))?.kid == "a")
        #expect(rotation.signer(among: both, at: day(90))?.kid == "b")
    }

    @Test func `a key stays published until nothing it signed can be valid`() {
        let keys = [
            KeyRotation.Key(kid: "b", signsFrom: day(90)), KeyRotation.Key(kid: "a", signsFrom: start),
        ]
        #expect(rotation.retired(among: keys, at: day(97)).isEmpty)
        #expect(rotation.retired(among: keys, at: day(98)).map(\.kid) == ["a"])
    }
}
