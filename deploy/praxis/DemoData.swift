package import JSON

/// What the demonstration consists of. Nobody in it exists; the accounts' passwords are in the documents on purpose.
package enum DemoData {
    /// A demo account and what it shows.
    package struct Account: Sendable {
        package let username: String
        package let password: String
        package let what: String
    }

    /// Which demo doctor cares for which demo patient, by their indexes in the lists here.
    package struct Mapping: Sendable {
        package let patient: Int
        package let doctor: Int
        package let isPrimary: Bool
        package let notes: String
    }

    /// The account that keeps the patients.
    package static let owner = Account(username: "demo_staff", password: "staff123", what: "keeps four patients")
    package static let administrator = Account(
        username: "admin", password: "admin123", what: "runs the platform")
    /// An approved hospital, with departments and a doctor whose credentials are made anew.
    package static let hospital = Account(
        username: "jinnah_hospital", password: "jinnah123", what: "is an approved hospital")
    package static let patient = Account(
        username: "demo_patient", password: "patient123", what: "is a registered patient")
    /// `identity demo` makes the first two; the others register themselves, and it gives them their known passwords.
    package static let accounts = [
        administrator, owner, hospital,
        Account(username: "demo_hospital", password: "hospital123", what: "waits for approval"),
        patient,
    ]

    package static let patients: [JSONValue] = [
        [
            "first_name": "John", "last_name": "Doe", "email": "john.doe@example.com", "phone": "555-1234",
            "date_of_birth": "1985-06-15", "gender": "M", "blood_group": "O+", "allergies": "Penicillin",
            "medical_history": "Hypertension diagnosed 2020", "current_medications": "Lisinopril 10mg",
            "emergency_contact_name": "Jane Doe", "emergency_contact_phone": "555-5678", "address": "123 Main St",
            "city": "Chicago", "state": "IL", "country": "USA",
        ],
        [
            "first_name": "Maria", "last_name": "Lopez", "email": "maria.lopez@example.com", "phone": "555-2345",
            "date_of_birth": "1992-03-08", "gender": "F", "blood_group": "A-", "allergies": "None known",
            "medical_history": "Migraine since 2015", "city": "San Francisco", "state": "CA", "country": "USA",
        ],
        [
            "first_name": "Ahmed", "last_name": "Khan", "email": "ahmed.khan@example.com", "phone": "+923001234567",
            "date_of_birth": "1970-11-30", "gender": "M", "blood_group": "B+",
            "medical_history": "Type 2 diabetes; BP < 140/90 under treatment", "current_medications": "Metformin 500mg",
            "city": "Lahore", "country": "Pakistan",
        ],
        ["first_name": "Sam", "last_name": "Rivera", "email": "sam.rivera@example.com", "gender": "N"],
    ]

    package static let doctors: [JSONValue] = [
        [
            "first_name": "Emily", "last_name": "Chen", "email": "dr.emily@example.com", "phone": "555-9876",
            "specialization": "neurology", "license_number": "LIC-2024-007", "years_of_experience": 15,
            "qualification": "MD, PhD Neuroscience",
            "bio": "Board-certified neurologist specializing in epilepsy treatment.", "consultation_fee": "250.00",
            "is_available": true, "hospital_name": "City Medical Center", "city": "San Francisco", "state": "CA",
            "country": "USA",
        ],
        [
            "first_name": "James", "last_name": "Okafor", "email": "dr.okafor@example.com", "phone": "555-4321",
            "specialization": "cardiology", "license_number": "LIC-2024-011", "years_of_experience": 22,
            "qualification": "MD, FACC", "consultation_fee": "300.00", "is_available": true,
            "hospital_name": "City Medical Center", "city": "Chicago", "state": "IL", "country": "USA",
        ],
        [
            "first_name": "Ayesha", "last_name": "Siddiqui", "email": "dr.siddiqui@example.com",
            "specialization": "endocrinology", "license_number": "LIC-2024-019", "years_of_experience": 9,
            "qualification": "MBBS, FCPS", "consultation_fee": "80.00", "is_available": false,
            "hospital_name": "Jinnah Hospital", "city": "Lahore", "country": "Pakistan",
        ],
    ]

    /// The first is to be approved. What registers has a username; its password comes beside it.
    package static let hospitals: [JSONValue] = [
        [
            "username": "jinnah_hospital", "name": "Jinnah Hospital", "email": "office@jinnah.example",
            "phone_number": "+924299231400", "license_number": "HOSP-PK-0001", "address": "Usmani Road",
            "city": "Lahore", "state": "Punjab", "country": "Pakistan", "latitude": .double(31.4846),
            "longitude": .double(74.2973), "timezone": "Asia/Karachi",
        ],
        [
            "username": "demo_hospital", "name": "Demo Hospital", "email": "office@demo-hospital.example",
            "phone_number": "+924235710000", "license_number": "HOSP-PK-0002", "address": "1 Mall Road",
            "city": "Lahore", "state": "Punjab", "country": "Pakistan", "latitude": .double(31.5497),
            "longitude": .double(74.3436), "timezone": "Asia/Karachi",
        ],
    ]

    /// Waits for an administrator's decision, under a password that nobody knows.
    package static let provider: JSONValue = [
        "first_name": "Nadia", "last_name": "Rahman", "email": "nadia.rahman@example.com",
        "phone_number": "+15550102030", "specialization": "pediatrics", "license_number": "MDPK20240077",
        "years_of_experience": 8,
        "clinic_address": ["street": "12 Garden Lane", "city": "Chicago", "state": "IL", "zip": "60601"],
    ]

    package static let departments = ["Cardiology", "Neurology", "Emergency"]

    /// Of the first hospital, in its first department.
    package static let hospitalDoctor: JSONValue = [
        "first_name": "Ali", "last_name": "Khan", "email": "ali.khan@jinnah.example", "specialization": "cardiology",
        "license_number": "PMC-2024-0042", "years_of_experience": 12, "qualification": "MBBS, FCPS",
        "consultation_fee": "60.00",
    ]

    package static let patientAccount: JSONValue = [
        "username": "demo_patient", "email": "demo.patient@example.com", "first_name": "Fatima", "last_name": "Noor",
        "phone_number": "+923009998877", "date_of_birth": "1990-07-21", "gender": "female", "consent": true,
        "address": "5 Canal Road, Lahore",
    ]

    package static let mappings = [
        Mapping(patient: 0, doctor: 1, isPrimary: true, notes: "Referred for cardiac evaluation"),
        Mapping(patient: 1, doctor: 0, isPrimary: true, notes: "Headache diary since spring"),
        Mapping(patient: 2, doctor: 2, isPrimary: true, notes: "Every three months"),
        Mapping(patient: 2, doctor: 1, isPrimary: false, notes: "Yearly check"),
    ]
}
