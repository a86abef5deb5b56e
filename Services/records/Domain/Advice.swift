/// What somebody asks advice about.
package struct AdviceQuestion: Sendable, Equatable {
    package var symptoms: String
    package var gender: String?
    package var person: PrescribingCase.Person
    /// Whether all could be read that is kept of the person.
    package var isHealthComplete: Bool

    package init(
        symptoms: String, gender: String? = nil, person: PrescribingCase.Person, isHealthComplete: Bool = true
    ) {
        self.symptoms = symptoms
        self.gender = gender
        self.person = person
        self.isHealthComplete = isHealthComplete
    }
}

/// A medicine that advice names.
package struct AdvisedMedicine: Sendable, Equatable {
    package var name: String
    package var atc: String
    package var dosage: String
    package var frequency: String
    package var duration: String
    package var instructions: String?
    package var warnings: [PrescribingWarning]
}

/// Advice after the rules: nothing in it is forbidden to the person.
package struct Advice: Sendable, Equatable {
    /// A medicine that was proposed and is not to be taken, with the reason.
    package struct Excluded: Sendable, Equatable {
        package let name: String
        /// By which rule.
        package let code: PrescribingWarning.Code
        package let reason: String
    }

    package var medicines: [AdvisedMedicine] = []
    package var excluded: [Excluded] = []
    /// Of the person rather than of one medicine.
    package var warnings: [PrescribingWarning] = []
    /// What must not wait for a medicine.
    package var urgent: [String] = []

    /// The most medicines that are named.
    package static let limit = 5
}

/// Advice with where it came from.
package struct AnsweredAdvice: Sendable, Equatable {
    /// Where advice came from: a model, proposals of a model that are kept for a day, or the table alone.
    package enum Source: String, Sendable, CaseIterable { case model, cache, offline }

    package let advice: Advice
    package let source: Source
    /// Why no model was heard, as a code; nil where one was.
    package let fault: String?

    package init(_ advice: Advice, from source: Source, because fault: String? = nil) {
        self.advice = advice
        self.source = source
        self.fault = fault
    }
}

/// A medicine that somebody proposes, a model or the table.
package struct ProposedMedicine: Sendable, Equatable {
    package let name: String
    package let dosage: String
    package let frequency: String
    package let duration: String
    package let instructions: String?

    package init(name: String, dosage: String, frequency: String, duration: String, instructions: String?) {
        self.name = name
        self.dosage = dosage
        self.frequency = frequency
        self.duration = duration
        self.instructions = instructions
    }
}
