-- A hospital's patients, walked by id in parts.
create index appointment_patient_of_hospital on appointment (hospital_id, patient_id);

-- Whose visits a feed shows follows from the account alone. Copies of an earlier release still write the column; a later one
-- removes it.
alter table calendar_token alter column role drop not null;
