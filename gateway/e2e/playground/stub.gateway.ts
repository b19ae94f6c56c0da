import { readFileSync } from 'node:fs';
import type { PlaygroundHelp } from '@commonweal/gateway/http/playground.types.ts';
import { describePersonas } from '@commonweal/playground/personas.ts';
import {
  PERSONAS,
  type Persona,
  type PolicySnapshot,
  REFERENCE_CONSUMERS,
  REFERENCE_POLICIES,
  SUBGRAPHS,
  type SubgraphName,
  type SubgraphTransport,
} from '@commonweal/schema';
import { goodClaims, testIssuer } from '../../src/authn/authn.examples.ts';
import { createGateway } from '../../src/server.ts';
import { stubRegistry } from './stub.registry.ts';

/** The gateway with the reference policies over registries that make up their answers. */
export interface StubGateway {
  readonly url: string;
  /** The tokens that the page fetches next are of the past, as in a page that was left open overnight. */
  handOutExpired(): void;
  token(persona: Persona): Promise<string | null>;
  stop(): Promise<void>;
}

const schemaFolder = new URL('../../../schema/', import.meta.url);

/** Starts it on a free port. `isLocal: false` leaves the personas out, as in production. */
export async function startStubGateway({ isLocal = true } = {}): Promise<StubGateway> {
  const issuer = await testIssuer();
  let isNextExpired = false;
  const token = async ({ consumer, user, purposes, scopes, areas, person }: Persona, times = {}): Promise<string | null> => {
    if (consumer === 'anonymous') return null;
    const who = {
      consumer,
      sub: user,
      purposes,
      scope: scopes.join(' '),
      ...(areas ? { areas } : {}),
      ...(person ? { person: '00000000-0000-4000-8000-000000000001' } : {}),
    };
    return issuer.sign(goodClaims({ ...who, ...times }));
  };
  const help: PlaygroundHelp = {
    personas() {
      const times = isNextExpired ? { iat: 1_000_000_000, exp: 1_000_000_600 } : {};
      isNextExpired = false;
      return describePersonas(Object.keys(PERSONAS), (persona) => token(persona, times));
    },
    examples: async () => ({ nationalId: '29384756', birthDate: '1950-01-11', surname: 'Ekal', program: 'OPCT' }),
  };
  const gateway = await createGateway(issuer.config({ COMMONWEAL_LOG_LEVEL: 'silent' }), {
    transports: Object.fromEntries(
      SUBGRAPHS.map((name) => [name, stubRegistry(name, readFileSync(new URL(`subgraphs/${name}.graphql`, schemaFolder), 'utf8'))]),
    ) as Record<SubgraphName, SubgraphTransport>,
    registrar: {
      policies: async (known) => (known === SNAPSHOT.epoch ? null : SNAPSHOT),
      operations: async (known) => (known === 1 ? null : { epoch: 1, operations: [] }),
      audit: async () => {},
    },
    playgroundHelp: isLocal ? help : undefined,
  });
  return {
    url: gateway.url,
    handOutExpired: () => {
      isNextExpired = true;
    },
    token: (persona) => token(persona),
    async stop() {
      await gateway.stop();
      issuer.remove();
    },
  };
}

const SNAPSHOT: PolicySnapshot = {
  epoch: 1,
  consumers: Object.fromEntries(REFERENCE_CONSUMERS.map((c) => [c.id, { ...c, suspended: false, operations: 'ANY' as const }])),
  policies: REFERENCE_POLICIES.map((policy, i) => {
    const always = { id: `policy-${i}`, validFrom: '2020-01-01T00:00:00Z', validUntil: null };
    return { ...policy, ...always, providers: policy.providerCodes };
  }),
};
