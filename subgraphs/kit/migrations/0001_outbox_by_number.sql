-- Events go out by their number; which transaction told one is not asked any more.
alter table outbox drop column transaction;
