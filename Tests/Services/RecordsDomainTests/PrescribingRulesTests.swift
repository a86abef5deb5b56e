import Kernel
import RecordsDomain
import Testing

@Suite struct PrescribingRulesTests {
    @Test(arguments: AppointmentStatus.allCases)
    func `a prescription is written for a visit that was agreed, is under way or took place`(
        status: AppointmentStatus
    ) {
        let isAllowed = [.confirmed, .checkedIn, .completed].contains(status)
        do throws(Problem) {
            try PrescribingRules.check(status)
            #expect(isAllowed)
        } catch {
            #expect(!isAllowed && error.code == .conflict)
        }
    }

    private static let severe = PrescribingWarning(
        .allergy, .severe, about: "Amoxicillin", with: "penicillin", "Allergic to penicillin.")
    private static let moderate = PrescribingWarning(.duplicate, .moderate, about: "Amoxicillin", "Taken already.")

    @Test func `a severe warning wants a reason where the hospital says so, and tells what speaks against it`() {
        do throws(Problem) {
            try PrescribingRules.check([Self.severe, Self.moderate], reason: nil, under: .requireReason)
            Issue.record("not refused")
        } catch {
            #expect(error.code == .overrideRequired)
            guard case .list(let warnings)? = error.details["warnings"], case .object(let told)? = warnings.first else {
                Issue.record("no warnings")
                return
            }
            #expect(warnings.count == 1)
            #expect(told["code"] == .text("allergy") && told["with"] == .text("penicillin"))
            #expect(told["medicine"] == .text("Amoxicillin") && told["severity"] == .text("severe"))
        }
    }

    @Test func `a reason, a lesser warning or the other policy lets it pass`() throws {
        try PrescribingRules.check([Self.severe], reason: "No other is left.", under: .requireReason)
        try PrescribingRules.check([Self.moderate], reason: nil, under: .requireReason)
        try PrescribingRules.check([Self.severe], reason: nil, under: .warn)
    }
}

@Suite struct KnownHealthTests {
    private static let today = CalendarDate("2027-01-15")

    private static func part(_ change: (inout KnownHealth.Part) -> Void) -> KnownHealth.Part {
        var part = KnownHealth.Part()
        change(&part)
        return part
    }

    private static func warnings(_ health: KnownHealth, _ name: String = "Amoxicillin") throws -> [PrescribingWarning] {
        let medicine = PrescriptionContent.Medicine(
            name: name, dosage: "500 mg", frequency: "three times a day", duration: "7 days", instructions: nil)
        return PrescribingCheck.warnings(of: [medicine], for: health, on: try #require(today), Table.embedded)
    }

    @Test func `what the records here and registry say is taken together`() throws {
        let here = Self.part { $0.currentMedicines = "warfarin" }
        let there = Self.part {
            $0.allergies = "Penicillin"
            $0.dateOfBirth = CalendarDate("1980-02-29")
            $0.gender = .male
        }
        let known = KnownHealth(parts: [here, there], isComplete: true)
        let person = known.person(on: try #require(Self.today))
        #expect(person.allergies == "Penicillin" && person.currentMedicines == "warfarin")
        #expect(person.age == 46 && !person.mayBePregnant)
        #expect(try Self.warnings(known).contains { $0.code == .allergy && $0.severity == .severe })
    }

    @Test func `what could not be asked is said first, and what is not recorded is said too`() throws {
        let away = try Self.warnings(KnownHealth(parts: [], isComplete: false))
        #expect(away.first?.code == .checkIncomplete && away.first?.severity == .moderate)
        let empty = try Self.warnings(KnownHealth(parts: [KnownHealth.Part()], isComplete: true))
        #expect(empty.contains { $0.code == .checkIncomplete && $0.text == "Allergies are not recorded." })
        #expect(!empty.contains { $0.severity == .moderate })
    }

    @Test func `a prescription without medicines has nothing to check`() throws {
        let warnings = PrescribingCheck.warnings(
            of: [], for: KnownHealth(parts: [], isComplete: false), on: try #require(Self.today), Table.embedded)
        #expect(warnings.isEmpty)
    }
}
