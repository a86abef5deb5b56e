/// The medicine table: what prescriptions are checked against and what offline advice is taken from. Immutable, and
/// whole: a text with any fault makes none.
package struct MedicineTable: Sendable {
    /// Two medicines or classes that one person should not take without thought.
    struct Interaction: Sendable, Equatable {
        let severity: Severity
        let text: String
    }

    /// An allergy to one class that may be one to another.
    struct CrossAllergy: Sendable, Equatable {
        let allergen: String
        let group: String
        let severity: Severity
        let text: String
    }

    /// Words that people write for something, each as a set of which all must be there.
    struct TaggedWords: Sendable {
        let tag: String
        let alternatives: [[String]]
    }

    /// Two codes in either order.
    struct CodePair: Hashable {
        let first: String
        let second: String

        init(_ one: String, _ other: String) {
            first = min(one, other)
            second = max(one, other)
        }
    }

    package let version: String
    /// Who read it a second time, in words.
    package let checkedBy: String
    package let medicines: [Medicine]
    package let classes: [String: MedicineClass]
    let uses: [TaggedWords]
    let conditions: [TaggedWords]
    let interactions: [CodePair: Interaction]
    let crossAllergies: [CrossAllergy]
    /// Tagged by what to do.
    let redFlags: [TaggedWords]
    let names: MedicineNames

    package init(_ text: String) throws(TableFaults) {
        var reader = MedicineTableReader(TableText(text))
        let classes = reader.classes()
        let uses = reader.taggedWords("uses")
        let conditions = reader.taggedWords("conditions")
        let medicines = reader.medicines(
            classes: Set(classes.map(\.code)), uses: Set(uses.map(\.tag)), conditions: Set(conditions.map(\.tag)))
        let codes = Set(classes.map(\.code) + medicines.map(\.name))
        let interactions = reader.interactions(among: codes)
        let crossAllergies = reader.crossAllergies(among: codes)
        let redFlags = reader.redFlags()
        let names = reader.names(of: medicines, classes)
        let (version, checkedBy) = (reader.about("version"), reader.about("checked by"))
        reader.checkMembers(of: classes, among: medicines)
        guard reader.faults.isEmpty else { throw TableFaults(faults: reader.faults.sorted { $0.line < $1.line }) }
        self.version = version
        self.checkedBy = checkedBy
        self.medicines = medicines
        self.classes = Dictionary(classes.map { ($0.code, $0) }) { first, _ in first }
        self.uses = uses
        self.conditions = conditions
        self.interactions = interactions
        self.crossAllergies = crossAllergies
        self.redFlags = redFlags
        self.names = names
    }

    /// The tags whose words stand in a text, a part of it at a time.
    static func tags(_ tagged: [TaggedWords], in text: String) -> [String] {
        let parts = WrittenText.parts(of: text).map { Set(WrittenText.words(of: $0)) }
        return tagged.filter { entry in
            entry.alternatives.contains { words in parts.contains { part in words.allSatisfy(part.contains) } }
        }.map(\.tag)
    }
}
