-- Whose data a row is: the tenant it belongs to, by which policies tell callers apart. Until now each account had only rows
-- of its own, so a row's tenant is the account that keeps it. The default fills in for a process of the last release.
alter table data_key add column tenant_id uuid;
alter table patient add column tenant_id uuid;
alter table mapping add column tenant_id uuid;

-- The owner of the tables is not asked by policies while it carries the rows over.
alter table data_key no force row level security;
alter table patient no force row level security;
alter table mapping no force row level security;
update data_key set tenant_id = owner_id;
update patient set tenant_id = owner_id;
update mapping set tenant_id = owner_id;
alter table data_key alter column tenant_id set not null, alter column tenant_id set default praxis_tenant(),
    force row level security;
alter table patient alter column tenant_id set not null, alter column tenant_id set default praxis_tenant(),
    force row level security;
alter table mapping alter column tenant_id set not null, alter column tenant_id set default praxis_tenant(),
    force row level security;

-- What lists of a tenant walk; and no mapping can have another tenant than its patient.
alter table patient add constraint patient_of_tenant unique (tenant_id, patient_id);
alter table mapping add constraint mapping_patient_tenant foreign key (tenant_id, patient_id)
    references patient (tenant_id, patient_id) on delete cascade;
drop index mapping_of_owner;
drop index mapping_of_doctor;
create index mapping_of_tenant on mapping (tenant_id, mapping_id);
create index mapping_of_doctor on mapping (doctor_id, tenant_id, mapping_id);

alter policy data_key_of_owner on data_key rename to data_key_of_tenant;
alter policy patient_of_owner on patient rename to patient_of_tenant;
alter policy mapping_of_owner on mapping rename to mapping_of_tenant;
-- Read by the whole tenant; kept by nobody but the account whose key it is.
alter policy data_key_of_tenant on data_key using (tenant_id = (select praxis_tenant()))
    with check (tenant_id = (select praxis_tenant()) and owner_id = (select praxis_account()));
alter policy patient_of_tenant on patient using (tenant_id = (select praxis_tenant()));
alter policy mapping_of_tenant on mapping using (tenant_id = (select praxis_tenant()));

-- The others say the same as before, by the functions.
alter policy doctor_added on doctor with check (created_by = (select praxis_account()));
alter policy doctor_changed on doctor
    using (created_by = (select praxis_account()) or (select praxis_role()) = 'admin');
alter policy doctor_removed on doctor
    using (created_by = (select praxis_account()) or (select praxis_role()) = 'admin');
alter policy provider_changed on provider
    using ((select praxis_role()) = 'admin' or (select praxis_account()) is null);
alter policy patient_registration_added on patient_registration
    with check (account_id = (select praxis_account()) and not email_verified and not phone_verified);
alter policy patient_registration_told on patient_registration using ((select praxis_account()) is null);
