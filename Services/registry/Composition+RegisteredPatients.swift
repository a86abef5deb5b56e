extension Composition {
    package var patientRegistration: PatientRegistration {
        PatientRegistration(
            registrar: registrar, store: registeredPatients, ledger: parts.ledger, clock: parts.clock)
    }
    package var patientProfiles: PatientProfiles {
        PatientProfiles(store: registeredPatients, database: parts.database, ledger: parts.ledger)
    }
    package var handedEvents: HandedEvents { HandedEvents(handler: handler) }
    package var registrations: Registrations { Registrations(store: RegistrationStore(database: parts.database)) }
}
