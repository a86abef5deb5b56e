import Events
import Forms
import JSON
import Kernel
import Testing

/// The names and keys below are on the wire and in streams: a change here is a new version, never an edit.
@Suite struct Events {
    static let account = ID<Account>(high: 1, low: 1)
    static let session = ID<Session>(high: 2, low: 2)
    static let patient = ID<Patient>(high: 3, low: 3)
    static let doctor = ID<Doctor>(high: 4, low: 4)
    static let mapping = ID<Mapping>(high: 5, low: 5)

    static let identity: [(IdentityEvent, String)] = [
        (
            .accountRegistered(.init(account: account, role: .staff)),
            #"{"account_id":"00000000-0000-0001-0000-000000000001","role":"staff"}"#
        ),
        (
            .accountUpdated(.init(account: account, role: .admin)),
            #"{"account_id":"00000000-0000-0001-0000-000000000001","role":"admin"}"#
        ),
        (
            .sessionEnded(.init(account: account, session: session)),
            #"{"account_id":"00000000-0000-0001-0000-000000000001","session_id":"00000000-0000-0002-0000-000000000002"}"#
        ),
        (
            .sessionsEnded(.init(account: account, sessions: [session])),
            #"{"account_id":"00000000-0000-0001-0000-000000000001","session_ids":["00000000-0000-0002-0000-000000000002"]}"#
        ),
    ]
    static let registry: [(RegistryEvent, String)] = [
        (
            .patientCreated(.init(patient: patient, owner: account)),
            #"{"patient_id":"00000000-0000-0003-0000-000000000003","owner_id":"00000000-0000-0001-0000-000000000001"}"#
        ),
        (.doctorUpdated(.init(doctor: doctor)), #"{"doctor_id":"00000000-0000-0004-0000-000000000004"}"#),
        (
            .mappingDeleted(.init(mapping: mapping, patient: patient, doctor: doctor)),
            #"{"mapping_id":"00000000-0000-0005-0000-000000000005","patient_id":"00000000-0000-0003-0000-000000000003","doctor_id":"00000000-0000-0004-0000-000000000004"}"#
        ),
    ]

    private func golden<Fact: Event & Equatable>(_ fact: Fact, _ expected: String) throws {
        let envelope = EventEnvelope(
            fact, id: ID(high: 9, low: 9), at: Instant(seconds: 1_700_000_000), traceparent: nil)
        #expect(String(decoding: fact.data.bytes, as: UTF8.self) == expected)
        let bytes = envelope.json.bytes
        let read = try EventEnvelope(json: JSONReader.read(bytes))
        #expect(read == envelope)
        #expect(try read.event(Fact.self) == fact)
    }

    @Test(arguments: identity) func `identity's facts stand as they stood`(fact: IdentityEvent, data: String) throws {
        try golden(fact, data)
    }
    @Test(arguments: registry) func `registry's facts stand as they stood`(fact: RegistryEvent, data: String) throws {
        try golden(fact, data)
    }
    @Test func `a name of a later version is unknown, not an error`() throws {
        #expect(try IdentityEvent(name: "identity.account_registered.v2", data: Source()) == nil)
    }
    @Test func `a known name with wrong data is a problem for the dead letters`() {
        #expect(throws: Problem.self) {
            try RegistryEvent(name: "registry.doctor_created.v1", data: Source(body: ["doctor_id": "x"]))
        }
    }
}
