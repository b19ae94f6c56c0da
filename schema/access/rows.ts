import type { SharingPolicy } from './policy.ts';
import type { Principal } from './principal.ts';

/** Which rows one alternative of a decision covers. All parts must hold; an empty list covers nothing. */
export interface RowScope {
  /** Internal id of the only person, or null where the scope is not confined to one. */
  readonly self: string | null;
  /** Area codes; each covers all below it. */
  readonly areas: readonly string[];
  /** Internal ids of programs. */
  readonly programs: readonly string[];
  /** All programs that are not sensitive, besides those listed. */
  readonly allOrdinaryPrograms: boolean;
  /** Internal ids of payment providers. */
  readonly providers: readonly string[];
  readonly allProviders: boolean;
  /** Whether the person's consent is needed for a row to exist at all. */
  readonly consentForRows: boolean;
}

const within = (area: string, above: string) => area === above || area.startsWith(`${above}.`);

/** Areas that both lists cover: of each pair the one that lies within the other. */
export function intersectAreas(a: readonly string[], b: readonly string[]): string[] {
  const both = new Set<string>();
  for (const x of a)
    for (const y of b)
      if (within(x, y)) both.add(x);
      else if (within(y, x)) both.add(y);
  return [...both].sort();
}

/** The rows of a policy, narrowed by what the token says of the user. */
export function rowScope(policy: SharingPolicy, principal: Principal, selfOnly: boolean): RowScope {
  const confinedToPrograms = principal.programs !== null;
  const programs = Object.entries(policy.programs)
    .filter(([code]) => !confinedToPrograms || principal.programs?.includes(code))
    .map(([, id]) => id)
    .sort();
  return {
    self: policy.selfOnly || selfOnly ? (principal.person ?? 'nobody') : null,
    areas: principal.areas === null ? [...policy.areas].sort() : intersectAreas(policy.areas, principal.areas),
    programs,
    allOrdinaryPrograms: policy.allOrdinaryPrograms && !confinedToPrograms,
    providers: [...policy.providers].sort(),
    allProviders: policy.allProviders,
    consentForRows: policy.consentForRows,
  };
}
