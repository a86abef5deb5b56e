import Foundation
import RecordsDomain

/// The table that comes with the service, read once.
enum Table {
    static let text = String(decoding: FileManager.default.contents(atPath: file.path) ?? Data(), as: UTF8.self)
    static let embedded: MedicineTable = {
        do { return try MedicineTable(text) } catch { fatalError("\(error)") }
    }()

    private static let file = URL(filePath: #filePath)
        .appending(path: "../../../../Services/records/Medicines/medicines.txt").standardized
}

extension PrescribingCheck {
    /// Of one new medicine for somebody of whom all else was recorded.
    static func warnings(
        _ medicine: String, allergies: String? = "none", current: String? = "none", problems: String? = nil,
        age: Int? = 40, isPregnant: Bool? = false, dosage: String = "", frequency: String = ""
    ) -> [PrescribingWarning] {
        PrescribingCheck(
            PrescribingCase(
                person: PrescribingCase.Person(
                    allergies: allergies, currentMedicines: current, problems: problems, age: age,
                    isPregnant: isPregnant),
                medicines: [.init(name: medicine, dosage: dosage, frequency: frequency)]), Table.embedded
        ).warnings
    }
}
