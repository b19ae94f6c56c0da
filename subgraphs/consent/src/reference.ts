import { createHash } from 'node:crypto';
import { readSupergraph } from '@commonweal/kit/config.ts';
import {
  buildCatalog,
  type Catalog,
  categoriesToMask,
  checkPolicy,
  REFERENCE_CONSUMERS,
  REFERENCE_OPERATIONS,
  REFERENCE_POLICIES,
  type ReferencePolicy,
} from '@commonweal/schema';
import { parse } from 'graphql';
import type postgres from 'postgres';
import { type OwnerSql, raiseEpoch, writeRules } from './policy/publish.ts';
import { agreementHash, REFERENCE_AGREEMENTS } from './reference/agreements.ts';

export { type AgreementText, agreementHash, REFERENCE_AGREEMENTS } from './reference/agreements.ts';

/** What the other registries know by code: internal ids of programs and payment providers. */
export interface ReferenceIds {
  readonly programIds: Readonly<Record<string, string>>;
  readonly providerIds: Readonly<Record<string, string>>;
}

/** Who wrote and who approved the policies of the demo country: never the same. */
const WRITER = 'setup:policy-writer';
const APPROVER = 'setup:policy-approver';
const SINCE = '2024-01-01T00:00:00Z';

/**
 * Writes consumers, purposes, agreements, ceilings and sharing policies of the demo country, and raises the epoch when that changed anything.
 * `sql` is a connection of the consent registry's migrator. Safe to repeat. Throws for a code without an id and for a policy above its ceiling.
 */
export async function seedReference(
  sql: postgres.Sql,
  ids: ReferenceIds,
  catalog: Catalog = buildCatalog(parse(readSupergraph())),
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(730113)`;
    await writeRules(tx, catalog);
    const consumers = await writeConsumers(tx, ids);
    await writeAgreements(tx);
    let policies = 0;
    for (const [i, policy] of REFERENCE_POLICIES.entries()) policies += await writePolicy(tx, policy, i, ids, catalog);
    if (consumers + policies > 0) await raiseEpoch(tx, 'the demo country');
  });
}

async function writeConsumers(sql: OwnerSql, { providerIds }: ReferenceIds): Promise<number> {
  let changed = 0;
  for (const c of REFERENCE_CONSUMERS) {
    const provider = c.provider === null ? null : idOf(providerIds, c.provider, 'payment provider');
    const rows = await sql`
      insert into consumer as old (consumer_id, kind, name, outside_government, provider_id, operations)
      values (${c.id}, ${c.kind}, ${c.name}, ${c.outsideGovernment}, ${provider}, ${REFERENCE_OPERATIONS})
      on conflict (consumer_id) do update set kind = excluded.kind, name = excluded.name, outside_government = excluded.outside_government, provider_id = excluded.provider_id
      where (old.kind, old.name, old.outside_government, old.provider_id) is distinct from (excluded.kind, excluded.name, excluded.outside_government, excluded.provider_id)
      returning 1`;
    changed += rows.length;
  }
  return changed;
}

async function writeAgreements(sql: OwnerSql): Promise<void> {
  for (const a of REFERENCE_AGREEMENTS) {
    await sql`
      insert into agreement (code, version, controller, lawful_basis, legal_reference, purposes, categories, recipients, retention_days, notices, hash)
      values (${a.code}, ${a.version}, ${a.controller}, ${a.lawfulBasis}, ${a.legalReference}, ${[...a.purposes]}::text[], ${categoriesToMask(a.categories)}, ${[...a.recipients]}::text[],
        ${a.retentionDays}, ${JSON.stringify(a.notices)}::text::jsonb, ${agreementHash(a)})
      on conflict (code, version) do nothing`;
    const [kept] = await sql`select hash from agreement where code = ${a.code} and version = ${a.version}`;
    if (kept?.hash !== agreementHash(a))
      throw new Error(
        `The agreement ${a.code} was published with another text as version ${a.version}. Add a version instead of changing it.`,
      );
  }
}

async function writePolicy(
  sql: OwnerSql,
  p: ReferencePolicy,
  i: number,
  { programIds, providerIds }: ReferenceIds,
  catalog: Catalog,
): Promise<number> {
  const programs = p.programCodes.map((code) => idOf(programIds, code, 'program'));
  const providers = p.providerCodes.map((code) => idOf(providerIds, code, 'payment provider'));
  const consumer = REFERENCE_CONSUMERS.find((c) => c.id === p.consumer);
  const faults = checkPolicy(catalog, p, consumer);
  if (faults.length > 0) throw new Error(`The policy of ${p.consumer} for ${p.purpose} cannot be published: ${faults.join(' ')}`);
  const json = (value: unknown) => sql`${JSON.stringify(value)}::text::jsonb`;
  const texts = (list: readonly string[]) => sql`${[...list]}::text[]`;
  const rows = await sql`
    insert into sharing_policy as old (policy_id, consumer_id, purpose_id, lawful_basis, agreement_code, areas, programs, program_codes, all_ordinary_programs, providers, all_providers,
      self_only, grants, fields_only, actions, consent_classes, consent_for_rows, disclosure, valid_from, valid_until, status, created_by, approved_by)
    values (${policyId(p, i)}, ${p.consumer}, ${p.purpose}, ${p.lawfulBasis}, ${p.agreement}, ${texts(p.areas)}::ltree[], ${texts(programs)}::uuid[], ${texts(p.programCodes)},
      ${p.allOrdinaryPrograms}, ${texts(providers)}::uuid[], ${p.allProviders}, ${p.selfOnly}, ${json(p.grants)}, ${json(p.fieldsOnly)}, ${texts(p.actions)}, ${texts(p.consentClasses)},
      ${p.consentForRows}, ${p.disclosure}, ${SINCE}::text::timestamptz, null, 'PUBLISHED', ${WRITER}, ${APPROVER})
    on conflict (policy_id) do update set lawful_basis = excluded.lawful_basis, agreement_code = excluded.agreement_code, areas = excluded.areas, programs = excluded.programs,
      program_codes = excluded.program_codes, all_ordinary_programs = excluded.all_ordinary_programs, providers = excluded.providers, all_providers = excluded.all_providers,
      self_only = excluded.self_only, grants = excluded.grants, fields_only = excluded.fields_only, actions = excluded.actions, consent_classes = excluded.consent_classes,
      consent_for_rows = excluded.consent_for_rows, disclosure = excluded.disclosure
    where to_jsonb(old) - '{valid_from,valid_until,status,created_by,approved_by}'::text[] is distinct from to_jsonb(excluded) - '{valid_from,valid_until,status,created_by,approved_by}'::text[]
    returning 1`;
  return rows.length;
}

function idOf(ids: Readonly<Record<string, string>>, code: string, what: string): string {
  const id = ids[code];
  if (!id) throw new Error(`There is no ${what} with the code ${code}.`);
  return id;
}

/** The same id for the same policy each time, so that seeding again finds it. */
const policyId = (p: ReferencePolicy, i: number): string =>
  createHash('sha256')
    .update(`policy ${p.consumer} ${p.purpose} ${i}`)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
