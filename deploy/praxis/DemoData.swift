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
    /// `identity demo` makes these.
    package static let accounts = [Account(username: "admin", password: "admin123", what: "runs the platform"), owner]

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

    package static let mappings = [
        Mapping(patient: 0, doctor: 1, isPrimary: true, notes: "Referred for cardiac evaluation"),
        Mapping(patient: 1, doctor: 0, isPrimary: true, notes: "Headache diary since spring"),
        Mapping(patient: 2, doctor: 2, isPrimary: true, notes: "Every three months"),
        Mapping(patient: 2, doctor: 1, isPrimary: false, notes: "Yearly check"),
    ]
}
