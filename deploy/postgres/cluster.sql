-- Roles and the database of a development cluster. Each service has two roles: `registry_owner` owns the tables and
-- migrates them, `registry` works on them and is bound by row security, because it neither owns them nor may bypass it.
select format('create role %I login nosuperuser nobypassrls nocreatedb nocreaterole', role)
from unnest(string_to_array(:'services', ',')) as service, unnest(array[service, service || '_owner']) as role
where not exists (select from pg_roles where rolname = role)
\gexec

select 'create database praxis' where not exists (select from pg_database where datname = 'praxis')
\gexec
