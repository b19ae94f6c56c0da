import type { PlaygroundPersona, PlaygroundPurpose } from '@commonweal/gateway/http/playground.types.ts';
import { PERSONAS, type Persona, purposeAndParents, REFERENCE_CONSUMERS, REFERENCE_POLICIES } from '@commonweal/schema';

/** Signs a token for a persona, with all of its purposes; null for the caller without a token. */
export type PersonaSigner = (persona: Persona) => Promise<string | null>;

/** Personas of the demo country, by name, as the playground shows them: each with a fresh token. Local system only. */
export function describePersonas(names: readonly string[], sign: PersonaSigner): Promise<PlaygroundPersona[]> {
  const known = names.flatMap((name) => (PERSONAS[name] ? [{ name, persona: PERSONAS[name] }] : []));
  return Promise.all(known.map(async ({ name, persona }) => describe(name, persona, await sign(persona))));
}

function describe(name: string, persona: Persona, token: string | null): PlaygroundPersona {
  const organization = REFERENCE_CONSUMERS.find((c) => c.id === persona.consumer)?.name ?? persona.consumer;
  const purposes = persona.purposes.flatMap((purpose): PlaygroundPurpose[] => {
    // A policy for a purpose covers the purposes below it.
    const covering = purposeAndParents(purpose);
    const policy = REFERENCE_POLICIES.find((p) => p.consumer === persona.consumer && covering.includes(p.purpose));
    return policy ? [{ purpose, disclosure: policy.disclosure, lawfulBasis: policy.lawfulBasis, token }] : [];
  });
  return { name, title: persona.title, organization, purposes };
}
