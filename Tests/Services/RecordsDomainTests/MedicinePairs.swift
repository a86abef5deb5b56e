import Testing

/// Two medicines of one adult, as somebody would write them down.
struct MedicinePair: Sendable, CustomTestStringConvertible {
    let current: String
    let new: String

    var testDescription: String { "\(current) and \(new)" }
}

/// 80 pairs, written down before the rules from what product labels say: of the first forty every label of at least one
/// of the two warns; the others are given together every day.
extension MedicinePair {
    static let thatMustWarn: [MedicinePair] = pairs([
        // Bleeding.
        ("Warfarin", "Ibuprofen"), ("Warfarin", "Aspirin"), ("Warfarin", "Metronidazole"), ("Warfarin", "Fluconazole"),
        ("Warfarin", "Amiodarone"), ("Warfarin", "Co-trimoxazole"), ("Apixaban", "Diclofenac"),
        ("Rivaroxaban", "Ketoconazole"), ("Sertraline", "Naproxen"),
        // Loss of effect.
        ("Warfarin", "Rifampicin"), ("Rivaroxaban", "Carbamazepine"), ("Ethinylestradiol", "Rifampicin"),
        ("Valproic acid", "Meropenem"), ("Clopidogrel", "Omeprazole"), ("Levothyroxine", "Calcium carbonate"),
        ("Tamoxifen", "Paroxetine"),
        // Blood pressure and heart rate.
        ("Glyceryl trinitrate", "Sildenafil"), ("Isosorbide mononitrate", "Tadalafil"), ("Verapamil", "Atenolol"),
        ("Digoxin", "Verapamil"), ("Digoxin", "Amiodarone"),
        // Rhythm.
        ("Amiodarone", "Haloperidol"), ("Citalopram", "Ondansetron"), ("Domperidone", "Clarithromycin"),
        // Serotonin, and what calms.
        ("Fluoxetine", "Phenelzine"), ("Sertraline", "Linezolid"), ("Sertraline", "Tramadol"),
        ("Ergotamine", "Sumatriptan"), ("Diazepam", "Morphine"),
        // Potassium and lithium.
        ("Lisinopril", "Spironolactone"), ("Ramipril", "Losartan"), ("Enalapril", "Potassium chloride"),
        ("Lithium", "Hydrochlorothiazide"), ("Lithium", "Ibuprofen"),
        // Too much of one in the blood.
        ("Simvastatin", "Clarithromycin"), ("Methotrexate", "Trimethoprim"), ("Azathioprine", "Allopurinol"),
        ("Theophylline", "Ciprofloxacin"), ("Tizanidine", "Ciprofloxacin"), ("Isotretinoin", "Doxycycline"),
    ])

    static let thatMustNotWarn: [MedicinePair] = pairs([
        ("Paracetamol", "Ibuprofen"), ("Paracetamol", "Amoxicillin"), ("Paracetamol", "Apixaban"),
        ("Paracetamol", "Gabapentin"), ("Paracetamol", "Sertraline"), ("Paracetamol", "Doxycycline"),
        ("Paracetamol", "Azithromycin"), ("Paracetamol", "Nitrofurantoin"), ("Paracetamol", "Prednisolone"),
        ("Paracetamol", "Aciclovir"), ("Cetirizine", "Amoxicillin"), ("Loratadine", "Amoxicillin"),
        ("Omeprazole", "Amoxicillin"), ("Omeprazole", "Amlodipine"), ("Pantoprazole", "Clopidogrel"),
        ("Metformin", "Amlodipine"), ("Metformin", "Lisinopril"), ("Metformin", "Atorvastatin"),
        ("Metformin", "Gliclazide"), ("Metformin", "Sitagliptin"), ("Metformin", "Empagliflozin"),
        ("Metformin", "Insulin glargine"), ("Amlodipine", "Losartan"), ("Amlodipine", "Ramipril"),
        ("Amlodipine", "Bisoprolol"), ("Amlodipine", "Levothyroxine"), ("Amlodipine", "Sertraline"),
        ("Bisoprolol", "Ramipril"), ("Hydrochlorothiazide", "Losartan"), ("Furosemide", "Spironolactone"),
        ("Atorvastatin", "Losartan"), ("Atorvastatin", "Aspirin"), ("Rosuvastatin", "Clarithromycin"),
        ("Famotidine", "Simvastatin"), ("Salbutamol", "Beclometasone"), ("Montelukast", "Fexofenadine"),
        ("Levetiracetam", "Lamotrigine"), ("Ethambutol", "Pyrazinamide"), ("Tamsulosin", "Finasteride"),
        ("Oral rehydration salts", "Zinc sulfate"),
    ])

    private static func pairs(_ names: [(String, String)]) -> [MedicinePair] {
        names.map { MedicinePair(current: $0, new: $1) }
    }
}
