import { createHash } from 'node:crypto';
import { Bits } from './bits.ts';
import type { Catalog, CatalogField } from './catalog.ts';
import { CEILINGS, type Ceiling } from './ceilings.ts';
import { ACCESS_USES, type AccessClass, type AccessUse, type ConsumerKind, purposeAndParents } from './classes.ts';
import type { Disclosure, PolicySnapshot, SharingPolicy } from './policy.ts';
import type { Consumer, Principal } from './principal.ts';
import { type RowScope, rowScope } from './rows.ts';

/** One sharing policy, cut to the ceiling and the token: these fields, for these uses, in these rows. Never united with another. */
export interface Alternative {
  readonly policy: string;
  readonly lawfulBasis: string;
  readonly agreement: string | null;
  readonly uses: Readonly<Record<AccessUse, Bits>>;
  readonly actions: ReadonlySet<string>;
  readonly rows: RowScope;
  readonly consentClasses: ReadonlySet<AccessClass>;
}

/** What one caller may do now: the answer of the decider, immutable. */
export interface Decision {
  readonly consumer: string;
  readonly kind: ConsumerKind;
  readonly principal: Principal;
  readonly purpose: string;
  /** The purpose and all above it: a consent for any of them counts. */
  readonly purposes: readonly string[];
  readonly epoch: number;
  readonly disclosure: Disclosure;
  readonly alternatives: readonly Alternative[];
  /** Whose references the caller sees: `government`, or its own code. */
  readonly referenceGroup: string;
  /** SHA-256 over all of it, with rows: two decisions that could ever give different data differ. Hexadecimal. */
  readonly digest: string;
  /** SHA-256 over fields, uses, actions and disclosure only: what the shape of a plan depends on. Hexadecimal. */
  readonly shape: string;
}

/** Why nothing at all is allowed; for the log and for explanations, never for the caller. */
export type NoReason = 'UNKNOWN_CONSUMER' | 'SUSPENDED' | 'UNKNOWN_PURPOSE' | 'PURPOSE_ABOVE_CEILING' | 'CLAIM_MISSING' | 'NO_POLICY';

const covers = (policy: SharingPolicy, purposes: readonly string[], now: Date) =>
  purposes.includes(policy.purpose) &&
  new Date(policy.validFrom) <= now &&
  (policy.validUntil === null || new Date(policy.validUntil) > now);

/**
 * ceiling ∩ sharing policy ∩ token scopes ∩ row scope. (Consent is joined where the data lives.) Pure: the same input gives the same decision.
 * Whatever is not known gives a decision without alternatives, which allows nothing.
 */
export function decide(catalog: Catalog, snapshot: PolicySnapshot, principal: Principal, now: Date): Decision {
  const consumer = Object.hasOwn(snapshot.consumers, principal.consumer) ? snapshot.consumers[principal.consumer] : undefined;
  const none = whyNothing(consumer, principal);
  const ceiling = CEILINGS[consumer?.kind ?? 'anonymous'];
  const purposes = purposeAndParents(principal.purpose);
  const alternatives = none
    ? []
    : snapshot.policies
        .filter((p) => p.consumer === principal.consumer && covers(p, purposes, now))
        .map((p) => alternative(catalog, ceiling, p, principal));
  const hide =
    ceiling.disclosure === 'HIDE' ||
    alternatives.length === 0 ||
    snapshot.policies.some((p) => p.consumer === principal.consumer && covers(p, purposes, now) && p.disclosure === 'HIDE');
  const disclosure: Disclosure = hide ? 'HIDE' : 'DENY';
  const fields = alternatives.map((a) => [
    ACCESS_USES.map((u) => Buffer.from(a.uses[u].words.buffer).toString('base64')),
    [...a.actions].sort(),
  ]);
  const shape = sha256({ schema: catalog.digest, disclosure, fields });
  const referenceGroup = consumer && !consumer.outsideGovernment ? 'government' : principal.consumer;
  const rows = alternatives.map((a) => [a.rows, [...a.consentClasses].sort(), a.policy]);
  const digest = sha256({ shape, epoch: snapshot.epoch, consumer: principal.consumer, purpose: principal.purpose, referenceGroup, rows });
  return {
    consumer: principal.consumer,
    kind: consumer?.kind ?? 'anonymous',
    principal,
    purpose: principal.purpose,
    purposes,
    epoch: snapshot.epoch,
    disclosure,
    alternatives,
    referenceGroup,
    digest,
    shape,
  };
}

/** The reason for which a caller is allowed nothing at all, or null. */
export function whyNothing(consumer: Consumer | undefined, principal: Principal): NoReason | null {
  if (!consumer) return 'UNKNOWN_CONSUMER';
  if (consumer.suspended) return 'SUSPENDED';
  const ceiling = CEILINGS[consumer.kind];
  if (!ceiling) return 'UNKNOWN_CONSUMER';
  if (purposeAndParents(principal.purpose).length === 0) return 'UNKNOWN_PURPOSE';
  if (!(ceiling.purposes as readonly string[]).includes(principal.purpose)) return 'PURPOSE_ABOVE_CEILING';
  if (ceiling.claims.some((c) => principal[c] === null)) return 'CLAIM_MISSING';
  return null;
}

function alternative(catalog: Catalog, ceiling: Ceiling, policy: SharingPolicy, principal: Principal): Alternative {
  const size = catalog.fields.size;
  const uses = Object.fromEntries(ACCESS_USES.map((u) => [u, new Bits(size)])) as Record<AccessUse, Bits>;
  const scopes = new Set(principal.scopes);
  for (const field of catalog.fields.values()) {
    for (const use of ACCESS_USES) if (scopes.has(use.toLowerCase()) && allowed(ceiling, policy, field, use)) uses[use].add(field.index);
  }
  return {
    policy: policy.id,
    lawfulBasis: policy.lawfulBasis,
    agreement: policy.agreement,
    uses,
    actions: new Set(policy.actions.filter((a) => ceiling.actions.includes(a))),
    rows: rowScope(policy, principal, ceiling.selfOnly),
    consentClasses: new Set([...policy.consentClasses, ...ceiling.consent]),
  };
}

/** Whether ceiling and policy both give a field for a use. */
export function allowed(
  ceiling: Ceiling,
  policy: Pick<SharingPolicy, 'grants' | 'fieldsOnly'>,
  field: CatalogField,
  use: AccessUse,
): boolean {
  const { accessClass: c, coordinate } = field;
  if (!ceiling.uses[c]?.includes(use) || !policy.grants[c]?.includes(use)) return false;
  if (ceiling.except.includes(coordinate)) return false;
  if (ceiling.only[c] && !ceiling.only[c].includes(coordinate)) return false;
  return !policy.fieldsOnly[c] || policy.fieldsOnly[c].includes(coordinate);
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
