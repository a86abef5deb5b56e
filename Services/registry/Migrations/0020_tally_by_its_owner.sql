-- The number of a tenant's patients is written by its trigger in the owner's name, as those of doctors and mappings are (migration 17):
-- asking a policy about it for each patient was a third of what it cost. The service reads its tenant's and cannot write any.
alter function patient_tally() security definer set search_path from current;
alter table patient_tally no force row level security;
drop policy patient_tally_of_tenant on patient_tally;
create policy patient_tally_of_tenant on patient_tally for select using (tenant_id = (select praxis_tenant()));
