import type { AccessClass, AccessUse } from './classes.ts';
import type { Consumer } from './principal.ts';

/** How what may not be seen is answered: it does not exist, or it is null with an error that says so. */
export type Disclosure = 'HIDE' | 'DENY';

/** What is shared now with one consumer for one purpose: a published row of the consent registry. Lists that are empty mean none. */
export interface SharingPolicy {
  readonly id: string;
  readonly consumer: string;
  readonly purpose: string;
  readonly lawfulBasis: string;
  readonly agreement: string | null;
  /** Area codes; each covers all below it. */
  readonly areas: readonly string[];
  /** Programs, as internal id by code. */
  readonly programs: Readonly<Record<string, string>>;
  /** All programs that are not sensitive, besides those listed. */
  readonly allOrdinaryPrograms: boolean;
  /** Internal ids of payment providers. */
  readonly providers: readonly string[];
  readonly allProviders: boolean;
  /** Only rows about the caller's own person. */
  readonly selfOnly: boolean;
  readonly grants: Readonly<Partial<Record<AccessClass, readonly AccessUse[]>>>;
  /** A class named here is shared only in these coordinates. */
  readonly fieldsOnly: Readonly<Partial<Record<AccessClass, readonly string[]>>>;
  readonly actions: readonly string[];
  /** Classes that need the person's consent. */
  readonly consentClasses: readonly AccessClass[];
  /** Whether even the existence of a person needs their consent. */
  readonly consentForRows: boolean;
  readonly disclosure: Disclosure;
  /** ISO 8601, or null where there is no end. */
  readonly validFrom: string;
  readonly validUntil: string | null;
}

/** All that is needed to decide: one immutable state of the sharing policies. */
export interface PolicySnapshot {
  /** Rises by one with each publication or suspension. */
  readonly epoch: number;
  readonly consumers: Readonly<Record<string, Consumer>>;
  readonly policies: readonly SharingPolicy[];
}

/** The next moment (milliseconds since 1970) at which a policy of a consumer begins or ends by the clock, so that a decision may be another one; infinity for none. */
export function nextPolicyChange(snapshot: PolicySnapshot, consumer: string, now: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const policy of snapshot.policies) {
    if (policy.consumer !== consumer) continue;
    for (const moment of [policy.validFrom, policy.validUntil]) {
      const time = moment === null ? Number.NaN : new Date(moment).getTime();
      if (time > now && time < next) next = time;
    }
  }
  return next;
}
