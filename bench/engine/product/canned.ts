import { fakeTransports } from '@commonweal/gateway/graph.fake/country.ts';
import { HOP_SECRET } from '@commonweal/gateway/graph.fake/registry.ts';
import {
  hopKey,
  type OperationSource,
  personaPrincipal,
  queryHash,
  type Registrar,
  referenceSnapshot,
  type SubgraphName,
  signHop,
} from '@commonweal/schema';
import { REGISTERED } from './questions.ts';

/** A question to a registry. */
export interface CannedCall {
  readonly subgraph: SubgraphName;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Answers that are kept. */
const MOST_KNOWN = 20_000;
/** Seconds that a hop holds here. */
const SOON = 30;

/** What the registries would answer, as text, made by fake registries. The secret of their hops is `HOP_SECRET`. */
export function answersOfFakes(): (call: CannedCall) => Promise<string> {
  const fakes = fakeTransports({ seen: [], intercept: () => null, now: () => new Date() });
  return async ({ subgraph, query, variables }) => {
    const hop = signHop(hopKey(HOP_SECRET, subgraph), {
      audience: subgraph,
      expires: Math.floor(Date.now() / 1000) + SOON,
      id: 'canned',
      queryHash: queryHash(query),
      principal: personaPrincipal('case-worker'),
      epoch: 1,
      digest: '',
      requestId: '',
      operation: 'query',
    });
    return JSON.stringify(await fakes[subgraph].fetch({ query, variables, hop }));
  };
}

/** The same, each made once and from then on only looked up. */
export function cannedAnswers(): (call: CannedCall) => Promise<string> | string {
  const answer = answersOfFakes();
  const known = new Map<string, string>();
  async function make(call: CannedCall, name: string): Promise<string> {
    const text = await answer(call);
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
    known.set(name, text);
    return text;
  }
  return (call) => {
    const name = `${call.subgraph} ${call.query} ${JSON.stringify(call.variables)}`;
    return known.get(name) ?? make(call, name);
  };
}

const snapshot = referenceSnapshot({ programs: {}, providers: {} });

/** A consent registry that has policies and registered operations, and keeps no records. */
export const cannedRegistrar: Registrar & OperationSource = {
  policies: async (known) => (known === snapshot.epoch ? null : snapshot),
  operations: async (known) => (known === REGISTERED.epoch ? null : REGISTERED),
  audit: async () => {},
};
