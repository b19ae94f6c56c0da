import { setTimeout as sleep } from 'node:timers/promises';
import {
  ANONYMOUS,
  type AuditRecord,
  type PolicySnapshot,
  type Principal,
  type RegisteredOperations,
  SUBGRAPHS,
  type SubgraphName,
  type SubgraphTransport,
} from '@commonweal/schema';
import { goodClaims, type TestIssuer, testIssuer } from '../authn/authn.examples.ts';
import { createGateway, type Gateway } from '../server.ts';
import { SNAPSHOT } from './consumers.ts';
import { fakeTransports, NOTHING_REGISTERED_YET, publisherOf } from './country.ts';
import { HOP_SECRET, type Intercept, type SeenFetch } from './registry.ts';

/** A gateway behind HTTP, as it is started in earnest, over fake registries. */
export interface FakeGateway {
  readonly url: string;
  readonly issuer: TestIssuer;
  readonly seen: SeenFetch[];
  readonly records: AuditRecord[];
  /** What the consent registry publishes now. */
  policies: PolicySnapshot;
  registered: RegisteredOperations;
  intercept: Intercept | null;
  /** Resolves when the gateway has heard of what is published now. */
  heard(): Promise<void>;
  token(principal: Principal): Promise<string>;
  /** POSTs a body as a principal. */
  post(principal: Principal, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startFakeGateway(
  options: { policies?: PolicySnapshot; env?: Record<string, string>; registryOf?: (name: SubgraphName) => SubgraphTransport } = {},
): Promise<FakeGateway> {
  const issuer = await testIssuer();
  const seen: SeenFetch[] = [];
  const records: AuditRecord[] = [];
  const state: Pick<FakeGateway, 'policies' | 'registered' | 'intercept'> = {
    policies: options.policies ?? SNAPSHOT,
    registered: NOTHING_REGISTERED_YET,
    intercept: null,
  };
  const { registryOf } = options;
  const transports = registryOf
    ? (Object.fromEntries(SUBGRAPHS.map((name) => [name, registryOf(name)])) as Record<SubgraphName, SubgraphTransport>)
    : fakeTransports({ seen, intercept: () => state.intercept, now: () => new Date() });
  const config = issuer.config({
    COMMONWEAL_SECRET: HOP_SECRET.toString('base64'),
    COMMONWEAL_RATE: '100000',
    COMMONWEAL_LOG_LEVEL: 'silent',
    COMMONWEAL_PLAYGROUND: 'off',
    ...options.env,
  });
  const publisher = publisherOf(state);
  /** The epochs that the gateway has, as it last said. */
  const told = { policies: null as number | null, operations: null as number | null };
  const gateway: Gateway = await createGateway(config, {
    transports,
    registrar: {
      async policies(known) {
        told.policies = known;
        return publisher.policies(known);
      },
      async operations(known) {
        told.operations = known;
        return publisher.operations(known);
      },
      audit: async (batch) => void records.push(...batch),
    },
  });
  const tokens = new Map<string, Promise<string>>();
  function token({ consumer, user, purpose, scopes, person, areas, programs }: Principal): Promise<string> {
    const confined = { ...(person ? { person } : {}), ...(areas ? { areas } : {}), ...(programs ? { programs } : {}) };
    const claims = { consumer, sub: user, purposes: [purpose], scope: scopes.join(' '), ...confined };
    const key = JSON.stringify(claims);
    const known = tokens.get(key) ?? issuer.sign(goodClaims(claims));
    tokens.set(key, known);
    return known;
  }
  return Object.assign(state, {
    url: gateway.url,
    issuer,
    seen,
    records,
    token,
    async heard() {
      while (told.policies !== state.policies.epoch || told.operations !== state.registered.epoch) await sleep(20);
    },
    async post(principal: Principal, body: unknown, headers: Readonly<Record<string, string>> = {}) {
      const who: Record<string, string> =
        principal.consumer === ANONYMOUS.consumer ? {} : { authorization: `Bearer ${await token(principal)}` };
      return fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...who, ...headers },
        body: JSON.stringify(body),
      });
    },
    async stop() {
      await gateway.stop();
      issuer.remove();
    },
  });
}
