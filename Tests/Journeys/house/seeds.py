"""The example requests of the seeds, letter by letter."""

PROVIDER_000 = """
{
  "first_name": "John",
  "last_name": "Doe",
  "email": "john.doe@clinic.com",
  "phone_number": "+1234567890",
  "password": "SecurePassword123!",
  "confirm_password": "SecurePassword123!",
  "specialization": "cardiology",
  "license_number": "MD123456789",
  "years_of_experience": 10,
  "clinic_address": {
    "street": "123 Medical Center Dr",
    "city": "New York",
    "state": "NY",
    "zip": "10001"
  }
}
"""

PATIENT_003 = """
{
  "first_name": "Jane",
  "last_name": "Smith",
  "email": "jane.smith@email.com",
  "phone_number": "+1234567890",
  "password": "SecurePassword123!",
  "confirm_password": "SecurePassword123!",
  "date_of_birth": "1990-05-15",
  "gender": "female",
  "address": {
    "street": "456 Main Street",
    "city": "Boston",
    "state": "MA",
    "zip": "02101"
  },
  "emergency_contact": {
    "name": "John Smith",
    "phone": "+1234567891",
    "relationship": "spouse"
  },
  "insurance_info": {
    "provider": "Blue Cross",
    "policy_number": "BC123456789"
  }
}
"""

LOGIN_003 = """
{
  "email": "jane.smith@email.com",
  "password": "SecurePassword123!"
}
"""

REGISTER_001 = """
{
    "username": "johndoe",
    "email": "john@example.com",
    "name": "John Doe",
    "password": "securepassword123",
    "password_confirm": "securepassword123"
}
"""

PATIENT_001 = """
{
    "first_name": "Jane",
    "last_name": "Smith",
    "email": "jane.smith@example.com",
    "date_of_birth": "1990-05-15",
    "phone": "+1234567890"
}
"""

REGISTER_002 = """
{
  "name": "Dr. Alice Johnson",
  "email": "alice@hospital.com",
  "password": "SecurePass123!",
  "confirm_password": "SecurePass123!"
}
"""

LOGIN_002 = """
{
  "email": "alice@hospital.com",
  "password": "SecurePass123!"
}
"""

PATIENT_002 = """
{
  "first_name": "John",
  "last_name": "Doe",
  "email": "john.doe@email.com",
  "phone": "555-1234",
  "date_of_birth": "1985-06-15",
  "gender": "M",
  "blood_group": "O+",
  "allergies": "Penicillin",
  "medical_history": "Hypertension diagnosed 2020",
  "current_medications": "Lisinopril 10mg",
  "emergency_contact_name": "Jane Doe",
  "emergency_contact_phone": "555-5678",
  "address": "123 Main St",
  "city": "Chicago",
  "state": "IL",
  "country": "USA"
}
"""

DOCTOR_002 = """
{
  "first_name": "Emily",
  "last_name": "Chen",
  "email": "dr.emily@hospital.com",
  "phone": "555-9876",
  "specialization": "neurology",
  "license_number": "LIC-2024-007",
  "years_of_experience": 15,
  "qualification": "MD, PhD Neuroscience",
  "bio": "Board-certified neurologist specializing in epilepsy treatment.",
  "consultation_fee": "250.00",
  "is_available": true,
  "hospital_name": "City Medical Center",
  "city": "San Francisco",
  "state": "CA",
  "country": "USA"
}
"""

MAPPING_002 = """
{
  "patient": 1,
  "doctor": 3,
  "is_primary": true,
  "notes": "Referred for cardiac evaluation"
}
"""

SPECIALIZATIONS_002 = (
    """
general, cardiology, dermatology, endocrinology, gastroenterology, hematology, infectious_disease, internal_medicine,
nephrology, neurology, obstetrics_gynecology, oncology, ophthalmology, orthopedics, pediatrics, psychiatry, pulmonology,
radiology, rheumatology, surgery, urology, other
""".replace("\n", " ")
    .strip()
    .split(", ")
)

BLOOD_GROUPS_002 = ["A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-"]
GENDERS_002 = ["M", "F", "O", "N"]

JSON = {"Content-Type": "application/json"}
