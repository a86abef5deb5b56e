-- Primary keys begin with the tenant. Beside an index of ids alone, the planner could take a tenant's page, newest first, for a walk through
-- that one which leaves out the rows of others: a small tenant read all that a large one had added since. Every question names the tenant;
-- that no two records have one id, patient_search promises.
alter table search_renewal drop constraint search_renewal_patient_id_fkey;
alter table mapping drop constraint mapping_patient_tenant;
alter table patient drop constraint patient_of_tenant, drop constraint patient_pkey,
    add constraint patient_pkey primary key (tenant_id, patient_id);
drop index mapping_of_tenant;
alter table mapping drop constraint mapping_pkey, add constraint mapping_pkey primary key (tenant_id, mapping_id),
    add constraint mapping_patient_tenant foreign key (tenant_id, patient_id) references patient on delete cascade;
alter table search_renewal add constraint search_renewal_patient foreign key (tenant_id, patient_id) references patient on delete cascade;
