-- Primary keys begin with the patient, and what is asked for by its id alone is found by a hash: beside an ordered index of ids alone, the
-- planner could take an owner's page, newest first, for a walk through that one which leaves out everybody else's rows.
alter table prescription drop constraint prescription_pkey,
    add constraint prescription_pkey primary key (patient_id, prescription_id, version);
drop index prescription_of_patient;
create index prescription_by_id on prescription using hash (prescription_id);

alter table report drop constraint report_pkey, add constraint report_pkey primary key (patient_id, report_id);
-- Not of the undeleted alone: such an index may be read from end to end to find them.
drop index report_of_patient, report_of_patient_account;
create index report_of_patient_account on report (patient_account, report_id);
create index report_by_id on report using hash (report_id);

-- Lists of grants go by the id, which is in the order of time.
alter table access_grant drop constraint access_grant_pkey,
    add constraint access_grant_pkey primary key (patient_id, grant_id);
drop index access_grant_of_patient, access_grant_of_hospital;
create index access_grant_by_id on access_grant using hash (grant_id);
create index access_grant_of_hospital on access_grant (hospital_id, grant_id) where way = 'break_glass';

-- Nobody asks for a row of the log by its id.
alter table access_row drop constraint access_row_pkey, add constraint access_row_pkey primary key (patient_id, access_id);
drop index access_row_of_patient;
