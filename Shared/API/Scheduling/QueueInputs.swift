package import Forms
package import JSON
package import Kernel

/// A parameter `{doctor_id}` of a path. What is no id names nothing: 404.
struct DoctorInPath {
    static let properties = [
        Schema.Property(
            "doctor_id", in: .path, .string(format: "uuid").example(DemoRecord.hospitalDoctor.example), isRequired: true
        )
    ]

    static func read(_ source: Source) throws(Problem) -> ID<Doctor> {
        guard case .string(let text)? = source.value("doctor_id", in: .path), let id = ID<Doctor>(text) else {
            throw .notFound
        }
        return id
    }
}

/// A doctor's queue, for what needs nothing else.
package struct QueuePath: Input {
    package static let properties = DoctorInPath.properties
    package let doctor: ID<Doctor>
    package init(_ source: Source) throws(Problem) { doctor = try DoctorInPath.read(source) }
}

/// A doctor's queue of a day.
package struct QueueQuery: Input {
    package let doctor: ID<Doctor>
    package let date: CalendarDate?

    private static let form = Form(
        .optional(.date("date", in: .query).described("In the doctor's zone; without it the day it is there.")))
    package static let properties = DoctorInPath.properties + form.properties

    package init(_ source: Source) throws(Problem) {
        doctor = try DoctorInPath.read(source)
        date = try Self.form.read(source)
    }
}

/// Who gets a number: a visit of today, a patient, or a walk-in by a label.
package struct NewQueueToken: Input {
    /// One of the three.
    package enum Holder: Sendable, Equatable {
        case appointment(ID<Appointment>)
        case patient(ID<Patient>)
        case label(String)
    }

    package let doctor: ID<Doctor>
    package let holder: Holder

    private static let form = Form(
        .optional(.id("appointment_id", of: Appointment.self)), .optional(.id("patient_id", of: Patient.self)),
        .optional(.text("label", 1...100)))
    package static let properties = DoctorInPath.properties + form.properties

    package init(_ source: Source) throws(Problem) {
        doctor = try DoctorInPath.read(source)
        switch try Self.form.read(source) {
        case (let appointment?, nil, nil): holder = .appointment(appointment)
        case (nil, let patient?, nil): holder = .patient(patient)
        case (nil, nil, let label?): holder = .label(label)
        default: throw .field("appointment_id", "Name one of appointment_id, patient_id and label.")
        }
    }

    package static let example: JSONValue? = ["label": "Blue jacket"]
}

/// What becomes of a number.
package struct QueueTokenChange: Input {
    package let status: QueueStatus
    private static let form = Form(.choice("status", in: .body) as Field<QueueStatus>)
    package static let properties = form.properties
    package init(_ source: Source) throws(Problem) { status = try Self.form.read(source) }
    package static let example: JSONValue? = ["status": "IN_SERVICE"]
}
