import API
package import JSON
package import Kernel

/// What stands in the records of the demonstration's registered patient.
extension DemoData {
    package static let health: JSONValue = [
        "allergies": ["Penicillin"], "current_medications": "Bisoprolol 2.5 mg in the morning",
        "medical_history": "Hypertension since 2018", "allergies_known": "recorded",
    ]

    /// For the visit because of a cough.
    package static let prescription: JSONValue = [
        "diagnosis": "Acute bronchitis",
        "medicines": [
            [
                "name": "Doxycycline", "dosage": "100 mg", "frequency": "Once a day", "duration": "5 days",
                "instructions": "With water, standing or sitting",
            ]
        ], "investigations": ["Chest X-ray"], "notes": "Rest and fluids. Come again if there is fever.",
    ]

    /// A file that the patient brought from elsewhere.
    package struct Report: Sendable {
        package let title: String
        package let type: ReportType
        package let file: String
        /// What its one page says.
        package let text: String
    }

    package static let reports = [
        Report(title: "Blood count", type: .lab, file: "blood-count.pdf", text: "Haemoglobin 13.1 g/dl, platelets 250"),
        Report(title: "X-ray of the chest", type: .xray, file: "chest.pdf", text: "Heart and lungs without findings"),
    ]

    package static let breakGlass: JSONValue = ["reason": "Came to the emergency room unconscious, nobody with her"]
}
