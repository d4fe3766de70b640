-- What waits for an earlier event of its subject is found among those to its own endpoint, however many hear of the subject.
drop index deliveries_by_subject;
create index deliveries_by_subject on deliveries (merchant_id, subject_id, endpoint_id);
