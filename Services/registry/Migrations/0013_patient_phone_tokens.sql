-- Rule 4: the tokens of a patient have one of the phone beside those of names and email. All rows wait to be made anew; until
-- then each search of their tenant opens them.
drop trigger search_renewal_asked on patient;
create trigger search_renewal_asked after insert or update of grams on patient for each row
    when (new.grams[1] is distinct from 4) execute function search_renewal_asked();
alter table patient no force row level security;
insert into search_renewal select patient_id, owner_id, tenant_id from patient on conflict do nothing;
alter table patient force row level security;
