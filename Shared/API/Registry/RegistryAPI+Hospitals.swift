package import Kernel

extension RegistryAPI {
    package static let registerHospital = Endpoint(
        .post, "/api/hospitals/register", "registerHospital", of: .registry, for: .anyone,
        takes: Attempt<RegisterHospital>.self, gives: Created<HospitalView>.self,
        says: "Hospital registered successfully. It can log in once an administrator has approved it.",
        summary: "A hospital makes an account and an entry, which wait for approval", tag: "Hospitals",
        refuses: [.validationFailed, .serviceUnavailable], rate: .registration)

    package static let listHospitals = Endpoint(
        .get, "/api/hospitals", "listHospitals", of: .registry, for: .anyone, takes: HospitalsQuery.self,
        gives: Listing<HospitalView>.self, says: "Hospitals retrieved successfully.",
        summary: "Approved hospitals by name; administrators see all", tag: "Hospitals")

    package static let nearbyHospitals = Endpoint(
        .get, "/api/hospitals/nearby", "nearbyHospitals", of: .registry, for: .anyone, takes: NearbyQuery.self,
        gives: Listing<NearbyHospitalView>.self, says: "Nearby hospitals retrieved successfully.",
        summary: "Approved hospitals around a place, the nearest first", tag: "Hospitals")

    package static let hospital = Endpoint(
        .get, "/api/hospitals/{id}", "getHospital", of: .registry, for: .anyone, takes: ByID<Hospital>.self,
        gives: Item<HospitalView>.self, says: "Hospital retrieved successfully.",
        summary: "One hospital; one that is not approved is found by itself and administrators alone",
        tag: "Hospitals", refuses: [.notFound])

    package static let changeHospital = Endpoint(
        .patch, "/api/hospitals/{id}", "changeHospital", of: .registry, for: .roles([.hospital, .admin]),
        takes: WithID<Hospital, Patch<HospitalBody>>.self, gives: Item<HospitalView>.self,
        says: "Hospital updated successfully.", summary: "Changes the fields sent, of one's own hospital",
        tag: "Hospitals", refuses: [.notFound, .forbidden, .preconditionFailed])

    package static let approveHospital = Endpoint(
        .patch, "/api/hospitals/{id}/approve", "approveHospital", of: .registry, for: .roles([.admin]),
        takes: ByID<Hospital>.self, gives: Item<HospitalView>.self, says: "Hospital approved successfully.",
        summary: "Approves a hospital: from now on it and its doctors can log in", tag: "Hospitals",
        refuses: [.notFound, .preconditionFailed], of: .pendingHospital)

    package static let rejectHospital = Endpoint(
        .patch, "/api/hospitals/{id}/reject", "rejectHospital", of: .registry, for: .roles([.admin]),
        takes: WithID<Hospital, HospitalRejection>.self, gives: Item<HospitalView>.self, says: "Hospital rejected.",
        summary: "Rejects a hospital, also one that was approved, with a reason that is mailed to it",
        tag: "Hospitals", refuses: [.notFound, .preconditionFailed], of: .pendingHospital)

    package static let deleteHospital = Endpoint(
        .delete, "/api/hospitals/{id}", "deleteHospital", of: .registry, for: .roles([.admin]),
        takes: ByID<Hospital>.self, gives: Done.self, says: "Hospital deleted successfully.",
        summary: "Takes a hospital out of the directory, and ends its logins and its doctors'", tag: "Hospitals",
        refuses: [.notFound, .preconditionFailed], of: .pendingHospital)

    package static let hospitalMessage = Endpoint(
        .get, "/internal/hospitals/{id}/message", "hospitalMessage", of: .registry, for: .services([.notifier]),
        takes: ByID<Hospital>.self, gives: Item<HospitalMessageView>.self, says: "Hospital found.",
        summary: "What a mail about a hospital says", tag: "Internal", refuses: [.notFound])

    package static let hospitalNumbers = Endpoint(
        .get, "/internal/hospitals/numbers", "hospitalNumbers", of: .registry, for: .services([.identity]),
        gives: Item<HospitalNumbersView>.self, says: "Hospitals counted.",
        summary: "How many hospitals there are, by status", tag: "Internal")

    static let hospitals: [Declaration] = [
        registerHospital.declaration, listHospitals.declaration, nearbyHospitals.declaration, hospital.declaration,
        changeHospital.declaration, approveHospital.declaration, rejectHospital.declaration,
        deleteHospital.declaration, hospitalMessage.declaration, hospitalNumbers.declaration,
    ]
}
