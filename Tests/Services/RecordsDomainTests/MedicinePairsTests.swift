import RecordsDomain
import Testing

struct MedicinePairsTests {
    @Test func `there are forty pairs of each kind, no pair twice`() {
        #expect(MedicinePair.thatMustWarn.count == 40 && MedicinePair.thatMustNotWarn.count == 40)
        let all = (MedicinePair.thatMustWarn + MedicinePair.thatMustNotWarn).map { Set([$0.current, $0.new]) }
        #expect(Set(all).count == 80)
    }

    @Test(arguments: MedicinePair.thatMustWarn)
    func `a pair that must warn does, in either order`(pair: MedicinePair) {
        for (current, new) in [(pair.current, pair.new), (pair.new, pair.current)] {
            let warnings = PrescribingCheck.warnings(new, current: current)
            #expect(warnings.contains { $0.severity > .info && $0.medicine == new && $0.with != nil })
        }
    }

    @Test(arguments: MedicinePair.thatMustNotWarn)
    func `a pair that must not warn says nothing, in either order`(pair: MedicinePair) {
        #expect(PrescribingCheck.warnings(pair.new, current: pair.current) == [])
        #expect(PrescribingCheck.warnings(pair.current, current: pair.new) == [])
    }

    @Test(arguments: MedicinePair.thatMustWarn.prefix(8))
    func `two medicines of one prescription are checked against each other`(pair: MedicinePair) {
        let person = PrescribingCase.Person(allergies: "none", currentMedicines: "none", age: 40, isPregnant: false)
        let written = PrescribingCase(person: person, medicines: [.init(name: pair.current), .init(name: pair.new)])
        #expect(
            PrescribingCheck(written, Table.embedded).warnings.contains {
                $0.medicine == pair.new && $0.with == pair.current && $0.severity > .info
            })
    }
}
