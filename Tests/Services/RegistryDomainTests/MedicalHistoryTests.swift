import RegistryDomain
import Testing

@Suite struct MedicalHistoryTests {
    @Test func `a text is read as its lines, entries as a text of lines`() {
        #expect(MedicalHistory.text("Asthma\n\n Diabetes ").entries == ["Asthma", "Diabetes"])
        #expect(MedicalHistory.entries(["Asthma", "Diabetes"]).text == "Asthma\nDiabetes")
        #expect(MedicalHistory.text("Asthma\n\nDiabetes").text == "Asthma\n\nDiabetes")
    }

    @Test func `who sends back the text they were shown changes no entry`() {
        let history = MedicalHistory.entries(["Two\nlines", "BP <a", "b>"])
        #expect(history.rewritten(as: history.text) == history)
        // As reading a form leaves it: what looks like a tag is gone.
        #expect(history.rewritten(as: "Two\nlines\nBP") == history)
        #expect(history.rewritten(as: "Two\nlines") == .text("Two\nlines"))
    }
}
