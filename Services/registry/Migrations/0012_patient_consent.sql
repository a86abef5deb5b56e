-- When a registered patient consented to their data being kept, where they were asked (seed 004); and a registration may be taken
-- back, with its record, in the name of its account.
alter table patient_registration add column consented_at timestamptz;
create policy patient_registration_removed on patient_registration for delete
    using (account_id = (select praxis_account()));
