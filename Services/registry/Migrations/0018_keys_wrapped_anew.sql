-- A new master key wraps every tenant's data keys anew, in the service's own name; entries of providers may be changed in nobody's name already.
create policy data_key_of_service on data_key using ((select praxis_role()) = 'service');
