import type { PolicySnapshot } from '../access/policy.ts';
import { REFERENCE_CONSUMERS, REFERENCE_OPERATIONS } from './consumers.ts';
import { REFERENCE_POLICIES } from './policies.ts';

/** The reference consumers and policies as a state of the policies, for tables, previews and tests. Programs and providers get the ids given by code. */
export function referenceSnapshot(
  ids: { programs: Readonly<Record<string, string>>; providers: Readonly<Record<string, string>> },
  epoch = 1,
): PolicySnapshot {
  return {
    epoch,
    consumers: Object.fromEntries(
      REFERENCE_CONSUMERS.map((c) => [
        c.id,
        {
          ...c,
          provider: c.provider === null ? null : (ids.providers[c.provider] ?? null),
          suspended: false,
          operations: REFERENCE_OPERATIONS,
        },
      ]),
    ),
    policies: REFERENCE_POLICIES.map(({ programCodes, providerCodes, ...p }, i) => ({
      ...p,
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      programs: Object.fromEntries(programCodes.flatMap((code) => (ids.programs[code] ? [[code, ids.programs[code]]] : []))),
      providers: providerCodes.flatMap((code) => (ids.providers[code] ? [ids.providers[code]] : [])),
      validFrom: '2020-01-01T00:00:00Z',
      validUntil: null,
    })),
  };
}
