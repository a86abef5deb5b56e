-- Which of an account's versions told whether it is let in: facts may arrive in another order, and older ones change nothing.
alter table provider add column account_version bigint not null default 0;
alter table patient_registration add column account_version bigint not null default 0;
