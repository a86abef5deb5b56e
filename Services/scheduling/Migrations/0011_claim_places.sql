-- Where the time of a hold or an offer is offered on once it is given back: its hospital, and its doctor's department. Null of
-- appointments, whose rows say it, and of holds of before, which end within minutes.
alter table claim add column hospital_id uuid, add column department_id uuid;

alter table claim no force row level security;
alter table waitlist_entry no force row level security;
update claim c set hospital_id = w.hospital_id, department_id = w.department_id from waitlist_entry w
    where w.claim_id = c.claim_id;
alter table claim force row level security;
alter table waitlist_entry force row level security;
