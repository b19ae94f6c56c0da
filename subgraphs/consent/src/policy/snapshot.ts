import type { Pool } from '@commonweal/kit';
import type { Consumer, PolicySnapshot, SharingPolicy } from '@commonweal/schema';

/** The sharing policies as published now, in one consistent state; null when their epoch is still the one that is known. */
export async function readPolicies(pool: Pool, knownEpoch: number | null): Promise<PolicySnapshot | null> {
  const [now] = await pool`select max(epoch) as epoch from policy_epoch`;
  if (now && knownEpoch !== null && Number(now.epoch) === knownEpoch) return null;
  return pool.begin('isolation level repeatable read read only', async (tx) => {
    const [state] = await tx`select max(epoch) as epoch from policy_epoch`;
    const consumers = await tx`select consumer_id, kind, name, outside_government, provider_id, suspended, operations from consumer`;
    // Always in the same order: the digest of a decision covers the order of its alternatives.
    const policies = await tx`
      select policy_id, consumer_id, purpose_id, lawful_basis, agreement_code, areas::text[] as areas, programs, program_codes, all_ordinary_programs, providers, all_providers,
        self_only, grants, fields_only, actions, consent_classes, consent_for_rows, disclosure, valid_from, valid_until
      from sharing_policy where status = 'PUBLISHED' order by policy_id`;
    return {
      epoch: Number(state?.epoch),
      consumers: Object.fromEntries(consumers.map((c) => [c.consumer_id as string, toConsumer(c)])),
      policies: policies.map(toPolicy),
    };
  });
}

type Row = Readonly<Record<string, unknown>>;

const toConsumer = (c: Row): Consumer => ({
  id: c.consumer_id as string,
  kind: c.kind as Consumer['kind'],
  name: c.name as string,
  outsideGovernment: c.outside_government as boolean,
  provider: c.provider_id as string | null,
  suspended: c.suspended as boolean,
  operations: (c.operations as Consumer['operations'] | null) ?? (c.outside_government ? 'REGISTERED' : 'ANY'),
});

function toPolicy(p: Row): SharingPolicy {
  const ids = p.programs as string[];
  return {
    id: p.policy_id as string,
    consumer: p.consumer_id as string,
    purpose: p.purpose_id as string,
    lawfulBasis: p.lawful_basis as string,
    agreement: p.agreement_code as string | null,
    areas: p.areas as string[],
    programs: Object.fromEntries((p.program_codes as string[]).map((code, i) => [code, ids[i]!])),
    allOrdinaryPrograms: p.all_ordinary_programs as boolean,
    providers: p.providers as string[],
    allProviders: p.all_providers as boolean,
    selfOnly: p.self_only as boolean,
    grants: p.grants as SharingPolicy['grants'],
    fieldsOnly: p.fields_only as SharingPolicy['fieldsOnly'],
    actions: p.actions as string[],
    consentClasses: p.consent_classes as SharingPolicy['consentClasses'],
    consentForRows: p.consent_for_rows as boolean,
    disclosure: p.disclosure as SharingPolicy['disclosure'],
    validFrom: p.valid_from as string,
    validUntil: p.valid_until as string | null,
  };
}
