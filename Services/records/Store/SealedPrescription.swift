import JSON
import Kernel
import RecordsDomain

/// The form in which a version of a prescription is sealed: compact JSON. Its keys are stored and never renamed.
struct SealedPrescription {
    let names: PrescriptionNames
    let content: PrescriptionContent
    let warnings: [PrescribingWarning]

    var bytes: [UInt8] {
        var json = JSONWriter(reserving: 1024)
        json.object { json in
            json.field("patient_name", names.patient)
            json.field("doctor_name", names.doctor)
            json.field("hospital_name", names.hospital)
            json.field("diagnosis", content.diagnosis)
            json.array("medicines") { json in for medicine in content.medicines { medicine.write(&json) } }
            json.field("investigations", content.investigations)
            json.field("follow_up_date", content.followUp?.description)
            json.field("notes", content.notes)
            json.field("override_reason", content.overrideReason)
            json.array("warnings") { json in for warning in warnings { warning.write(&json) } }
        }
        return json.bytes
    }
}

extension SealedPrescription {
    /// Nil when these are not the bytes of a prescription.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSONReader.read(bytes), let patient = json["patient_name"]?.string,
            let doctor = json["doctor_name"]?.string, let diagnosis = json["diagnosis"]?.string,
            let medicines = json.list("medicines", PrescriptionContent.Medicine.init),
            let warnings = json.list("warnings", PrescribingWarning.init)
        else { return nil }
        names = PrescriptionNames(patient: patient, doctor: doctor, hospital: json["hospital_name"]?.string)
        content = PrescriptionContent(
            diagnosis: diagnosis, medicines: medicines,
            investigations: json["investigations"]?.array?.compactMap(\.string) ?? [],
            followUp: json["follow_up_date"]?.string.flatMap { CalendarDate($0) }, notes: json["notes"]?.string,
            overrideReason: json["override_reason"]?.string)
        self.warnings = warnings
    }
}

extension PrescriptionContent.Medicine {
    fileprivate func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("dosage", dosage)
            json.field("frequency", frequency)
            json.field("duration", duration)
            json.field("instructions", instructions)
        }
    }

    fileprivate init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let dosage = json["dosage"]?.string,
            let frequency = json["frequency"]?.string, let duration = json["duration"]?.string
        else { return nil }
        self.init(
            name: name, dosage: dosage, frequency: frequency, duration: duration,
            instructions: json["instructions"]?.string)
    }
}

extension PrescribingWarning {
    fileprivate func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("code", code.rawValue)
            json.field("severity", severity.rawValue)
            json.field("medicine", medicine)
            json.field("with", with)
            json.field("text", text)
        }
    }

    fileprivate init?(_ json: JSONValue) {
        guard let code = json["code"]?.string.flatMap({ Code(rawValue: $0) }),
            let severity = json["severity"]?.string.flatMap({ Severity(rawValue: $0) }),
            let text = json["text"]?.string
        else { return nil }
        self.init(code, severity, about: json["medicine"]?.string, with: json["with"]?.string, text)
    }
}

extension JSONValue {
    /// Nil unless it is a list whose elements all can be read.
    fileprivate func list<Element>(_ key: String, _ read: (JSONValue) -> Element?) -> [Element]? {
        guard let items = self[key]?.array else { return nil }
        let elements = items.compactMap(read)
        return elements.count == items.count ? elements : nil
    }
}
