-- The index of tokens takes a tenant's patients in batches. One patient by itself found 36 places in it, which was a third of what making a patient
-- cost, and two thirds of what it wrote to the log: each 16 MiB of that, half a second of writers, all of them waited for the next file of the log.
-- Until there are enough of a tenant for a batch, its searches read them one by one. Rows of before are in the index already.
alter table patient_search add column is_indexed boolean not null default true;
alter table patient_search alter column is_indexed set default false;

drop index patient_search_tokens;
-- What a batch leaves in the pending list is read by each search, so it is short.
create index patient_search_tokens on patient_search using gin (tokens)
    with (fastupdate = on, gin_pending_list_limit = 128) where is_indexed;
create index patient_search_waiting on patient_search (tenant_id) where not is_indexed;
