/// A proposal of which every name is in the table.
struct KnownProposal {
    let proposal: ProposedMedicine
    let medicines: [Medicine]
    /// The names of the table, whatever the proposal called them.
    let name: String
    private let table: MedicineTable

    /// Nil for an unknown name, for a class, and for a name with words beside it that nobody knows.
    init?(_ proposal: ProposedMedicine, _ table: MedicineTable) {
        let read = WrittenMedicines(proposal.name, table)
        let substances = read.items.flatMap(\.substances)
        medicines = substances.compactMap(\.medicine)
        guard !medicines.isEmpty, medicines.count == substances.count, read.unread.isEmpty else { return nil }
        self.proposal = proposal
        self.table = table
        name = medicines.map(\.name).joined(separator: " with ")
    }

    /// A dose that can be stood for: of a child none, of a refused one the table's. Nil when there is none.
    func dose(_ isRefused: Bool, age: Int?) -> Medicine.Dose? {
        if let age, age < PrescribingCheck.adultAge {
            return Medicine.Dose(
                dosage: "by weight: ask a pharmacist or a clinician", frequency: "as they say",
                duration: "as they say", instructions: "The table knows no doses for children.")
        }
        let own = medicines.count == 1 ? medicines.first?.dose : nil
        let texts = [proposal.dosage, proposal.frequency, proposal.duration]
        if isRefused || !texts.allSatisfy({ !$0.isEmpty && isPlain($0) }) { return own }
        let instructions = proposal.instructions.flatMap { isPlain($0) ? $0 : nil } ?? own?.instructions
        return Medicine.Dose(
            dosage: proposal.dosage, frequency: proposal.frequency, duration: proposal.duration,
            instructions: instructions)
    }

    /// Whether a text speaks of amounts, times and meals alone. Any other word might be a medicine, which the rules
    /// would not have seen.
    private func isPlain(_ text: String) -> Bool {
        let read = WrittenMedicines(text, table)
        return read.items.isEmpty
            && read.unread.allSatisfy { words in
                words.split(separator: " ").allSatisfy { MedicineWords.dosing.contains(String($0)) }
            }
    }
}
