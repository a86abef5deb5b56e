import API
package import Web

extension Composition {
    /// Every endpoint of registry with what answers it.
    package var routes: Routes {
        var routes = Routes()
        routes.serve(RegistryAPI.createPatient, patients.create)
        routes.serve(RegistryAPI.listPatients, patients.list)
        routes.serve(RegistryAPI.patient, patients.show)
        routes.serve(RegistryAPI.replacePatient, patients.replace)
        routes.serve(RegistryAPI.changePatient, patients.change)
        routes.serve(RegistryAPI.deletePatient, patients.delete)
        routes.serve(RegistryAPI.createDoctor, doctors.create)
        routes.serve(RegistryAPI.listDoctors, doctors.list)
        routes.serve(RegistryAPI.doctor, doctors.show)
        routes.serve(RegistryAPI.replaceDoctor, doctors.replace)
        routes.serve(RegistryAPI.changeDoctor, doctors.change)
        routes.serve(RegistryAPI.deleteDoctor, doctors.delete)
        routes.serve(RegistryAPI.createMapping, mappings.create)
        routes.serve(RegistryAPI.listMappings, mappings.list)
        routes.serve(RegistryAPI.patientDoctors, mappings.ofPatient)
        routes.serve(RegistryAPI.deleteMapping, mappings.delete)
        routes.serve(RegistryAPI.deleteMappingDetail, mappings.delete)
        routes.serve(RegistryAPI.registerProvider, registration.register)
        routes.serve(RegistryAPI.provider, providers.show)
        routes.serve(RegistryAPI.specializations, providers.specializations)
        routes.serve(RegistryAPI.listProviders, providers.list)
        routes.serve(RegistryAPI.reviewProvider, providers.review)
        routes.serve(RegistryAPI.pendingProvider, providers.pending)
        routes.serve(RegistryAPI.registration, registrations.show)
        routes.serve(RegistryAPI.registerPatient, patientRegistration.register)
        routes.serve(RegistryAPI.patientProfile, patientProfiles.show)
        routes.serve(EventsAPI.take(by: .registry), handedEvents.take)
        return routes
    }
}
