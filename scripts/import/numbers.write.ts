import { identifierHash } from '@commonweal/persons/person/identifiers.ts';
import { sqlId } from './ids.ts';
import type { Session } from './session.ts';
import type { Tally } from './tally.ts';
import { upsert } from './upsert.ts';

/**
 * Writes the numbers of persons and by which of them a person is found. A number that belongs to somebody else stays with them; the
 * import's person keeps it as told and is put up for review, as at a registration.
 */
export async function writeNumbers(session: Session, hashKey: Buffer, tally: Tally): Promise<void> {
  await forgetReplaced(session, hashKey);
  await upsert(
    session,
    {
      table: 'identifier',
      stage: 'in_identifier',
      key: ['person_id', 'identifier_id'],
      values: {
        person_id: 's.person',
        identifier_id: 's.id',
        area_path: 's.area_path',
        type: 's.type',
        value: 's.value',
        last_four: 's.last_four',
        issuer: 's.issuer',
        issued_on: 's.issued_on',
        expires_on: 's.expires_on',
      },
      onChange:
        'verified_at = case when t.value = excluded.value then t.verified_at end, verified_by = case when t.value = excluded.value then t.verified_by end',
    },
    tally,
  );
  await session.run(`
    insert into identifier_key (value_hash, person_id)
    select distinct on (value_hash) value_hash, person from in_identifier where refused is null order by value_hash, file, line on conflict do nothing`);
  await session.run(`
    insert into registration_review (person_id, review_id, area_path, value_hash)
    select s.person, ${sqlId("s.person::text || encode(s.value_hash, 'hex')")}, s.area_path, s.value_hash
    from in_identifier s join identifier_key k on k.value_hash = s.value_hash where s.refused is null and k.person_id <> s.person on conflict do nothing`);
}

// A number that was corrected at the source must no longer lead to the person.
async function forgetReplaced(session: Session, hashKey: Buffer): Promise<void> {
  const query = `
    select i.person_id, i.type, i.value from in_identifier s join identifier i on i.person_id = s.person and i.identifier_id = s.id where s.refused is null and i.value <> s.value`;
  const hashes: { person: string; hash: string }[] = [];
  for await (const rows of session.pages<{ person_id: string; type: string; value: string }>(query)) {
    for (const { person_id, type, value } of rows)
      hashes.push({ person: person_id, hash: identifierHash(hashKey, type, value).toString('hex') });
  }
  if (hashes.length === 0) return;
  await session.run(
    `delete from identifier_key k using jsonb_to_recordset($1::text::jsonb) as gone(person uuid, hash text) where k.value_hash = decode(gone.hash, 'hex') and k.person_id = gone.person`,
    [JSON.stringify(hashes)],
  );
}
