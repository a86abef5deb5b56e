-- Patients are found by tokens in a table of their own: keyed hashes of the runs of three characters in names and email, four
-- bytes each. They are of no use without the key, and no two tenants have one in common. So the policy for reading is a constant,
-- and the planner may use the index: under a policy that compares, an operator that is not leakproof, as @> is, is only asked
-- after it, row by row.
create table patient_search (
    patient_id uuid primary key references patient (patient_id) on delete cascade,
    tenant_id uuid not null,
    tokens integer[] not null
);
-- What waits to be put into the index is read by each search, so it is short.
create index patient_search_tokens on patient_search using gin (tokens)
    with (fastupdate = on, gin_pending_list_limit = 256);

alter table patient_search enable row level security;
alter table patient_search force row level security;
create policy patient_search_read on patient_search for select using (true);
create policy patient_search_added on patient_search for insert with check (tenant_id = (select praxis_tenant()));
create policy patient_search_changed on patient_search for update using (tenant_id = (select praxis_tenant()));
create policy patient_search_removed on patient_search for delete using (tenant_id = (select praxis_tenant()));

-- Rule 3: patient.grams holds the number of the rule alone, and goes when no process of the last release writes it any more.
-- All rows wait to be made anew; until then each search of their tenant opens them.
create index search_renewal_of_tenant on search_renewal (tenant_id);
drop trigger search_renewal_asked on patient;
create trigger search_renewal_asked after insert or update of grams on patient for each row
    when (new.grams[1] is distinct from 3) execute function search_renewal_asked();
alter table patient no force row level security;
insert into search_renewal select patient_id, owner_id, tenant_id from patient on conflict do nothing;
alter table patient force row level security;
