import { HeaderMap } from '@apollo/server';
import type { AuditRecord, PolicySnapshot, Principal, RegisteredOperations, SubgraphName } from '@commonweal/schema';
import { compose, spellOutClasses } from '@commonweal/schema/compose.ts';
import { parse, print } from 'graphql';
import type { GraphLimits } from '../access/limits.ts';
import type { Metrics } from '../graph.metrics.ts';
import { createGraph, type Graph } from '../graph.ts';
import { SNAPSHOT } from './consumers.ts';
import { contractFile, fakeTransports, NOTHING_REGISTERED_YET, publisherOf } from './country.ts';
import { HOP_SECRET, type Intercept, type SeenFetch } from './registry.ts';

/** An answer as a client sees it. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly data: any; // oxlint-disable-line typescript/no-explicit-any
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  /** Calls to subgraphs that this request made. */
  readonly fetches: readonly SeenFetch[];
}

/** More of a request than its text. */
export interface Ask {
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A graph over fake registries. */
export interface System {
  readonly graph: Graph;
  readonly seen: SeenFetch[];
  readonly records: AuditRecord[];
  readonly counted: { readonly tripwire: string[]; readonly denied: string[] };
  /** What the consent registry publishes now. */
  policies: PolicySnapshot | 'unreachable';
  registered: RegisteredOperations;
  audit: 'writes' | 'writes slowly' | 'fails';
  intercept: Intercept | null;
  /** The time for the whole system; null lets it go by. */
  clock: Date | null;
  as(principal: Principal): (query: string, ask?: Ask) => Promise<Reply>;
  stop(): Promise<void>;
}

/** The registry's own graph, or one composed of other subgraphs for what it has no example of. */
export async function startSystem(
  options: {
    subgraphs?: Readonly<Partial<Record<SubgraphName, string>>>;
    policies?: PolicySnapshot;
    limits?: Partial<GraphLimits>;
    metrics?: Partial<Metrics>;
  } = {},
): Promise<System> {
  const own =
    options.subgraphs && new Map(Object.entries(options.subgraphs).map(([name, text]) => [name as SubgraphName, withAccess(text)]));
  const seen: SeenFetch[] = [];
  const records: AuditRecord[] = [];
  const counted = { tripwire: [] as string[], denied: [] as string[] };
  const state = {
    policies: options.policies ?? SNAPSHOT,
    registered: NOTHING_REGISTERED_YET,
    audit: 'writes',
    intercept: null,
    clock: null,
  } as Pick<System, 'policies' | 'registered' | 'audit' | 'intercept' | 'clock'>;
  const now = () => state.clock ?? new Date();
  const graph = await createGraph({
    now,
    supergraphSdl: own ? compose(own).supergraph : contractFile('supergraph.graphql'),
    transports: fakeTransports({ seen, intercept: () => state.intercept, now }, own),
    hopSecret: HOP_SECRET,
    registrar: {
      ...publisherOf(state),
      async audit(batch) {
        if (state.audit === 'fails') throw new Error('disk full');
        if (state.audit === 'writes slowly') await new Promise((r) => setTimeout(r, 5));
        records.push(...batch);
      },
    },
    limits: options.limits,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    metrics: {
      operation() {},
      fetch() {},
      repeated() {},
      audit() {},
      tripwire: (where) => void counted.tripwire.push(where),
      denied: (coordinate, kind) => void counted.denied.push(`${kind} ${coordinate}`),
      ...options.metrics,
    },
  });
  let requests = 0;
  return Object.assign(state, {
    graph,
    seen,
    records,
    counted,
    as:
      (principal: Principal) =>
      async (query: string, ask: Ask = {}): Promise<Reply> => {
        // The fakes never leave the microtask queue; without this, no timer would run while a test asks and asks.
        await new Promise(setImmediate);
        const requestId = `request-${++requests}`;
        const response = await graph.apollo.executeHTTPGraphQLRequest({
          httpGraphQLRequest: {
            method: 'POST',
            headers: new HeaderMap(Object.entries({ 'content-type': 'application/json', ...ask.headers })),
            search: '',
            body: JSON.parse(JSON.stringify(ask.body ?? { query, variables: ask.variables, operationName: ask.operationName })),
          },
          context: async () => ({ principal, requestId, signal: ask.signal }),
        });
        const text = response.body.kind === 'complete' ? response.body.string : '';
        const { data, errors = [] } = JSON.parse(text) as { data?: unknown; errors?: Reply['errors'] };
        return { status: response.status ?? 200, text, data, errors, fetches: seen.filter((f) => f.hop.requestId === requestId) };
      },
    stop: () => graph.stop(),
  });
}

/** Puts the header of every registry before the SDL of a made-up one. */
function withAccess(sdl: string): string {
  const header = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@inaccessible", "@composeDirective"])
    @link(url: "https://commonweal.dev/access/v1.0", import: ["@access", "@reads", "@action", "AccessClass", "AccessUse"])
    @composeDirective(name: "@access") @composeDirective(name: "@reads") @composeDirective(name: "@action")`;
  return print(spellOutClasses(parse(`${header}\n${contractFile('access/spec.graphql')}\n${sdl}`)));
}

/** Codes of the errors of an answer. */
export const codes = (reply: Reply): unknown[] => reply.errors.map((e) => e.extensions.code);
/** All coordinates that were fetched for an answer. */
export const fetched = (reply: Reply): Set<string> => new Set(reply.fetches.flatMap((f) => [...f.coordinates]));
