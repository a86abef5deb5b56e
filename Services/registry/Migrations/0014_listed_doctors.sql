-- A hospital's doctor is listed only while the hospital works here and administrators let the doctor's account in. The entry
-- says so itself, so that lists need no join; it changes with the hospital's row, in the same transaction.
alter table doctor add column hospital_active boolean not null default true;
alter table doctor no force row level security;
alter table hospital no force row level security;
update doctor d set hospital_active = false
from hospital h
where h.hospital_id = d.hospital_id and not (h.status = 'approved' and h.account_active and h.deleted_at is null);
alter table hospital force row level security;
alter table doctor force row level security;
alter table doctor drop column is_listed;
alter table doctor add column is_listed boolean not null
    generated always as (is_active and account_active and hospital_active and deleted_at is null) stored;
