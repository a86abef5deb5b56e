-- A patient is written under a key that the process remembers, and its answer is not awaited. Where another key has taken its
-- place the whole transaction fails as one that lost against another, which is done again.
create function data_key_changed() returns uuid language plpgsql as $$
begin
    raise exception 'the data key is another one by now' using errcode = 'serialization_failure';
end
$$;

-- The tokens of a patient are written by the statement that writes the patient, so a foreign key had nothing to find out; to
-- ask cost each new patient a statement and a lock on its own row. They still go with the patient.
alter table patient_search drop constraint patient_search_patient_id_fkey;
create function patient_search_gone() returns trigger language plpgsql as $$
begin
    delete from patient_search where patient_id = old.patient_id;
    return null;
end
$$;
create trigger patient_search_gone after delete on patient for each row execute function patient_search_gone();
