-- Nothing yet: the number belongs to another change that is being made, whose file takes the place of this one.
select 1;
