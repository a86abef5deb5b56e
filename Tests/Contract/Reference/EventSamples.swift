import Events
import Kernel

/// One of each event there is, with the sentence the documents say of it.
enum EventSamples {
    struct Sample<Fact: Event>: Sendable {
        let fact: Fact
        let meaning: String
    }

    private static let account = ID<Account>(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0001)
    private static let session = ID<Session>(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0002)
    private static let patient = ID<Patient>(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0003)
    private static let doctor = ID<Doctor>(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0004)
    private static let mapping = ID<Mapping>(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0005)
    private static let provider = ID<Provider>(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0006)
    private static let registered = RegistryEvent.ProviderFact(provider: provider, account: account)
    private static let person = IdentityEvent.AccountFact(account: account, role: .staff)
    private static let record = RegistryEvent.PatientFact(patient: patient, owner: account)
    private static let entry = RegistryEvent.DoctorFact(doctor: doctor)
    private static let care = RegistryEvent.MappingFact(mapping: mapping, patient: patient, doctor: doctor)

    static let identity: [Sample<IdentityEvent>] = [
        Sample(fact: .accountRegistered(person), meaning: "Somebody made an account."),
        Sample(fact: .accountUpdated(person), meaning: "The name or email of an account changed."),
        Sample(fact: .passwordChanged(person), meaning: "A new password was chosen."),
        Sample(fact: .accountActivated(person), meaning: "An administrator let an account in again."),
        Sample(fact: .accountDeactivated(person), meaning: "An administrator shut an account out; its sessions ended."),
        Sample(
            fact: .sessionEnded(.init(account: account, session: session)),
            meaning: "One session ended; gateways refuse its access tokens from now on."),
        Sample(
            fact: .sessionsEnded(.init(account: account, sessions: [session])),
            meaning: "Several sessions of an account ended at once; gateways refuse their access tokens."),
        Sample(
            fact: .verificationRequested(person),
            meaning: "A mail that proves an account's email is wanted: after registration, and when asked for again."),
        Sample(fact: .emailVerified(person), meaning: "An account's email was proven."),
        Sample(
            fact: .reviewAsked(.init(account: account, reviewer: account)),
            meaning: "A provider registered; told once for each administrator who may review them."),
        Sample(
            fact: .phoneCodeRequested(person), meaning: "A text with a code that proves an account's phone is wanted."),
        Sample(fact: .phoneVerified(person), meaning: "An account's phone was proven."),
        Sample(
            fact: .passwordResetRequested(person), meaning: "A mail with a link that sets a new password is wanted."),
        Sample(
            fact: .newDeviceSeen(.init(account: account, session: session)),
            meaning: "Somebody logged in from a device the account was not seen on before."),
        Sample(fact: .secondFactorEnabled(person), meaning: "An account asks for a second factor from now on."),
        Sample(fact: .secondFactorDisabled(person), meaning: "An account no longer asks for a second factor."),
    ]

    static let registry: [Sample<RegistryEvent>] = [
        Sample(fact: .patientCreated(record), meaning: "A patient record was made."),
        Sample(fact: .patientUpdated(record), meaning: "A patient record changed."),
        Sample(fact: .patientDeleted(record), meaning: "A patient record is gone, its mappings with it."),
        Sample(fact: .doctorCreated(entry), meaning: "A doctor was added to the directory."),
        Sample(fact: .doctorUpdated(entry), meaning: "A directory entry changed."),
        Sample(fact: .doctorDeleted(entry), meaning: "A directory entry is gone, its mappings with it."),
        Sample(fact: .mappingCreated(care), meaning: "A doctor was assigned to a patient."),
        Sample(fact: .mappingDeleted(care), meaning: "A doctor is no longer assigned to a patient."),
        Sample(fact: .providerRegistered(registered), meaning: "A provider registered themselves."),
        Sample(fact: .providerVerified(registered), meaning: "An administrator verified a provider."),
        Sample(fact: .providerRejected(registered), meaning: "An administrator rejected a provider."),
    ]

    /// The place of an event among those of its service. A new case does not compile until it has a place, and a test asks
    /// for a sample at every place.
    static func place(_ event: IdentityEvent) -> Int {
        switch event {
        case .accountRegistered: 0
        case .accountUpdated: 1
        case .passwordChanged: 2
        case .accountActivated: 3
        case .accountDeactivated: 4
        case .sessionEnded: 5
        case .sessionsEnded: 6
        case .verificationRequested: 7
        case .emailVerified: 8
        case .reviewAsked: 9
        case .phoneCodeRequested: 10
        case .phoneVerified: 11
        case .passwordResetRequested: 12
        case .newDeviceSeen: 13
        case .secondFactorEnabled: 14
        case .secondFactorDisabled: 15
        }
    }

    static func place(_ event: RegistryEvent) -> Int {
        switch event {
        case .patientCreated: 0
        case .patientUpdated: 1
        case .patientDeleted: 2
        case .doctorCreated: 3
        case .doctorUpdated: 4
        case .doctorDeleted: 5
        case .mappingCreated: 6
        case .mappingDeleted: 7
        case .providerRegistered: 8
        case .providerVerified: 9
        case .providerRejected: 10
        }
    }
}
