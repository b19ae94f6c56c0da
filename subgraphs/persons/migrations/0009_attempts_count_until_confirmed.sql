-- An attempt counts until the programs registry has answered that the person receives: right details of somebody who does not must count like wrong ones,
-- or whoever tries four times learns which they were.
alter table verification rename column matched to confirmed;
alter table verification alter column confirmed set default false;
grant update (confirmed) on verification to :app;
