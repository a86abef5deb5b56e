-- Roles and the database of a development cluster. Each service logs in as `registry`, which owns its schema and migrates it, and
-- works as `registry_service`: a role that owns nothing and cannot bypass row security.
select format('create role %I login nosuperuser nobypassrls nocreatedb nocreaterole', service)
from unnest(string_to_array(:'services', ',')) as service
where not exists (select from pg_roles where rolname = service)
\gexec

select format('create role %1$I nologin nosuperuser nobypassrls nocreatedb nocreaterole', service || '_service')
from unnest(string_to_array(:'services', ',')) as service
where not exists (select from pg_roles where rolname = service || '_service')
\gexec

select format('grant %I to %I', service || '_service', service)
from unnest(string_to_array(:'services', ',')) as service
\gexec

select 'create database praxis' where not exists (select from pg_database where datname = 'praxis')
\gexec
