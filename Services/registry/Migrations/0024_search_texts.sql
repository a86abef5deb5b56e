-- Beside a patient's tokens stands what a search looks into, sealed under the key of its keeper: whether a candidate matches is found out without
-- its record. Rows of before have none and are made anew in the background; until then a search opens their records, as it did.
alter table patient_search add column owner_id uuid, add column texts bytea,
    add constraint patient_search_texts_of_owner check ((texts is null) = (owner_id is null));
create index patient_search_without_texts on patient_search (patient_id) where texts is null;

-- patient.grams is 5 where the writer keeps texts, too. A process of the last release writes 4: what it writes of tokens holds, the texts are those
-- of before.
create function patient_search_texts_gone() returns trigger language plpgsql as $$
begin
    update patient_search set owner_id = null, texts = null where patient_id = new.patient_id and texts is not null;
    return null;
end
$$;
create trigger patient_search_texts_gone after update of sealed on patient for each row
    when (new.grams[1] is distinct from 5 and new.sealed is distinct from old.sealed) execute function patient_search_texts_gone();
drop trigger search_renewal_asked on patient;
create trigger search_renewal_asked after insert or update of grams on patient for each row
    when (coalesce(new.grams[1], 0) not in (4, 5)) execute function search_renewal_asked();
