-- Erasing a patient: what cannot be opened any more is in no list, and the advice of the patient's account goes as well.

-- Patients whose keys were destroyed. An id alone tells nothing of anybody.
create table erased_patient (
    patient_id uuid primary key,
    erased_at timestamptz not null
);

-- Those who were erased before this table was there; only the service is shown keys.
do $$ begin
    perform set_config('praxis.role', 'service', true);
    insert into erased_patient (patient_id, erased_at)
    select patient_id, now() from patient_key group by patient_id having bool_and(wrapped is null);
end $$;

alter table erased_patient enable row level security;
alter table erased_patient force row level security;
create policy erased_patient_seen on erased_patient for select using (true);
create policy erased_patient_of_service on erased_patient using ((select praxis_role()) = 'service');

create policy prescription_opens on prescription as restrictive for select
    using (not exists (select from erased_patient e where e.patient_id = prescription.patient_id));

create policy report_opens on report as restrictive for select
    using (not exists (select from erased_patient e where e.patient_id = report.patient_id));

create policy advice_of_service on advice using ((select praxis_role()) = 'service');
create policy data_key_of_service on data_key using ((select praxis_role()) = 'service');
