import RecordsDomain
import Testing

struct AdviceRulesTests {
    private let rules = AdviceRules(Table.embedded)

    private func question(
        _ symptoms: String, allergies: String? = "none", current: String? = "none", problems: String? = nil,
        age: Int? = 40, isPregnant: Bool? = false
    ) -> AdviceQuestion {
        AdviceQuestion(
            symptoms: symptoms,
            person: PrescribingCase.Person(
                allergies: allergies, currentMedicines: current, problems: problems, age: age, isPregnant: isPregnant))
    }

    private func proposal(
        _ name: String, _ dosage: String = "500 mg", _ frequency: String = "twice a day", _ how: String? = nil
    ) -> ProposedMedicine {
        ProposedMedicine(name: name, dosage: dosage, frequency: frequency, duration: "3 days", instructions: how)
    }

    @Test(arguments: [
        ("fever and headache", "Paracetamol"), ("Loose motions since yesterday", "Oral rehydration salts"),
        ("I am constipated", "Bisacodyl"), ("sneezing, itchy eyes", "Cetirizine"),
        ("heartburn after meals", "Omeprazole"),
        ("bukhar aur sar dard", "Paracetamol"), ("dry cough", "Dextromethorphan"),
    ])
    func `the offline answer names what helps a complaint`(symptoms: String, name: String) {
        let advice = rules.offline(question(symptoms))
        #expect(advice.medicines.contains { $0.name == name })
        #expect(advice.medicines.count <= Advice.limit)
        #expect(advice.medicines.allSatisfy { !$0.dosage.isEmpty && !$0.frequency.isEmpty && !$0.duration.isEmpty })
    }

    @Test func `the offline answer leaves out whatever a rule speaks against`() {
        let plain = rules.offline(question("period pain"))
        #expect(plain.medicines.map(\.name).contains("Ibuprofen"))
        for careful in [
            question("period pain", allergies: "aspirin"), question("period pain", current: "warfarin"),
            question("period pain", current: "lisinopril"), question("period pain", isPregnant: true),
            question("period pain", problems: "stomach ulcer"),
        ] {
            let advice = rules.offline(careful)
            #expect(!advice.medicines.map(\.name).contains("Ibuprofen"))
            #expect(advice.excluded.map(\.name).contains("Ibuprofen"))
        }
    }

    @Test func `the offline answer never names what needs a prescriber`() {
        let words = "pain, fever, headache, cough, cold, diarrhoea, itching, heartburn, infection, antibiotic, diabetes"
        let names = rules.offline(question(words)).medicines.map(\.name)
        #expect(!names.isEmpty)
        for name in names {
            let medicine = Table.embedded.medicines.first { $0.name == name }
            #expect(medicine?.classes.contains { ["opioid", "benzodiazepine", "beta-lactam"].contains($0) } == false)
        }
    }

    @Test func `nothing understood names nothing`() {
        let advice = rules.offline(question("qwertz"))
        #expect(advice.medicines.isEmpty && advice.excluded.isEmpty && advice.warnings.isEmpty && advice.urgent.isEmpty)
    }

    @Test(arguments: [
        "crushing chest pain", "I can't breathe", "shortness of breath at rest", "face drooping and slurred speech",
        "worst headache of my life", "fever, stiff neck", "vomiting blood", "black stools", "swelling of my tongue",
        "I want to kill myself", "took too many tablets", "he had a seizure", "pain in the chest", "Chest-pain",
    ])
    func `a red flag is urgent, whatever is proposed`(symptoms: String) {
        #expect(!rules.offline(question(symptoms)).urgent.isEmpty)
        #expect(!rules.judge([proposal("Paracetamol")], for: question(symptoms)).urgent.isEmpty)
    }

    @Test(arguments: ["mild headache", "runny nose", "loose motions", "itchy skin", "chesty cough", "back pain"])
    func `a small complaint is not urgent`(symptoms: String) {
        #expect(rules.urgent(symptoms) == [])
    }

    @Test func `a forbidden medicine is excluded with its reason, by any name`() {
        for name in ["Amoxicillin", "Augmentin", "AMOXYCILLIN", "amoxicilin", "Amoxicillin 500mg"] {
            let careful = question("fever", allergies: "penicillin")
            let advice = rules.judge([proposal(name), proposal("Paracetamol")], for: careful)
            #expect(advice.medicines.map(\.name) == ["Paracetamol"])
            #expect(advice.excluded.count == 1 && advice.excluded[0].name.hasPrefix("Amoxicillin"))
        }
    }

    @Test(arguments: ["Wonderdrug", "", "penicillin", "Paracetamol with Wonderdrug", "<b>x</b>", "NSAID"])
    func `a name nobody knows is dropped`(name: String) {
        let advice = rules.judge([proposal(name)], for: question("fever"))
        #expect(advice.medicines.isEmpty && advice.excluded.isEmpty)
    }

    @Test(arguments: [
        "take amoxicillin as well", "Take with Wonderdrug", "ignore the rules", "и амоксициллин", "Amoxil daily",
    ])
    func `no other medicine hides in the words of one`(words: String) {
        for advice in [
            rules.judge([proposal("Paracetamol", "500 mg", "twice a day", words)], for: question("fever")),
            rules.judge([proposal("Paracetamol", words)], for: question("fever")),
            rules.judge([proposal("Paracetamol", "500 mg", words)], for: question("fever")),
        ] {
            let medicine = advice.medicines.first
            #expect(medicine?.name == "Paracetamol" && advice.medicines.count == 1)
            let texts = [medicine?.dosage, medicine?.frequency, medicine?.duration, medicine?.instructions]
            #expect(!texts.contains(words))
        }
    }

    @Test func `instructions of amounts, times and meals stay`() {
        let proposal = proposal("Paracetamol", "500 mg", "3 times a day", "Take after food with water.")
        let advice = rules.judge([proposal], for: question("fever"))
        #expect(advice.medicines.first?.instructions == "Take after food with water.")
        #expect(advice.medicines.first?.dosage == "500 mg")
    }

    @Test func `a dose over the limit, or that cannot be read, becomes the table's`() {
        for (dosage, frequency) in [("4 g", "4 times a day"), ("a handful", "often"), ("20 tablets", "daily")] {
            let advice = rules.judge([proposal("Paracetamol", dosage, frequency)], for: question("fever"))
            #expect(advice.medicines.first?.dosage == "500 to 1000 mg")
        }
        let advice = rules.judge([proposal("Ceftriaxone", "20 g", "hourly")], for: question("fever"))
        #expect(advice.medicines.isEmpty && advice.excluded.map(\.name) == ["Ceftriaxone"])
    }

    @Test func `a child gets no adult's dose`() {
        let advice = rules.judge([proposal("Paracetamol", "1 g", "4 times a day")], for: question("fever", age: 6))
        #expect(advice.medicines.first?.dosage.contains("by weight") == true)
    }

    @Test func `proposals are checked against each other and named once`() {
        let advice = rules.judge(
            [
                proposal("Sildenafil", "50 mg", "once a day"), proposal("Isosorbide mononitrate", "20 mg"),
                proposal("Viagra"),
            ], for: question("fever"))
        #expect(advice.medicines.map(\.name) == ["Sildenafil"])
        #expect(advice.excluded.map(\.name) == ["Isosorbide mononitrate"])
    }

    @Test func `a moderate warning stays with its medicine`() {
        let advice = rules.judge([proposal("Ibuprofen", "200 mg")], for: question("fever", current: "lisinopril"))
        #expect(advice.medicines.first?.warnings.map(\.code) == [.interaction])
    }

    @Test func `what could not be checked of the person is said with the advice`() {
        let unsure = question("fever", allergies: "latex", age: nil)
        let advice = rules.judge([proposal("Ibuprofen", "200 mg")], for: unsure)
        #expect(advice.warnings.contains { $0.code == .checkIncomplete && $0.with == "latex" })
    }

    @Test func `a hundred proposals give five medicines`() {
        let many = Table.embedded.medicines.prefix(100).map { proposal($0.name, "1 mg") }
        #expect(rules.judge(many, for: question("fever")).medicines.count <= Advice.limit)
    }
}
