-- Keys that a key makes belong to the person whose key it is, however many lie between: what one key cannot do alone, such as
-- approving a payout of its own, a key of its making cannot do for it. The command line makes keys of new persons.
alter table api_keys add column person text;

with recursive owned as (
  select k.id, 'key:key_' || replace(k.id::text, '-', '') as person
  from api_keys k
  where not exists (select from audit_log a where a.merchant_id = k.merchant_id and a.action = 'key.created'
    and a.subject = 'key_' || replace(k.id::text, '-', '') and a.actor like 'key:%')
  union
  select k.id, o.person
  from owned o
  join audit_log a on a.action = 'key.created' and a.actor = 'key:key_' || replace(o.id::text, '-', '')
  join api_keys k on k.merchant_id = a.merchant_id and a.subject = 'key_' || replace(k.id::text, '-', '')
)
update api_keys k set person = o.person from owned o where o.id = k.id;

-- Whose maker is no key of this database stands for itself.
update api_keys set person = 'key:key_' || replace(id::text, '-', '') where person is null;
alter table api_keys alter column person set not null;

alter table payouts add column person text;
update payouts p set person = coalesce(
  (select k.person from api_keys k where p.created_by = 'key:key_' || replace(k.id::text, '-', '')), p.created_by);
alter table payouts alter column person set not null;
