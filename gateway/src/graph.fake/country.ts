import { readFileSync } from 'node:fs';
import {
  type OperationSource,
  type PolicySnapshot,
  type RegisteredOperations,
  type Registrar,
  SUBGRAPHS,
  type SubgraphName,
  type SubgraphTransport,
} from '@commonweal/schema';
import { fakeRegistry, type Intercept, type SeenFetch } from './registry.ts';

/** A file of the contract. */
export const contractFile = (name: string): string => readFileSync(new URL(`../../../schema/${name}`, import.meta.url), 'utf8');

/** What fake registries share. */
export interface Shared {
  /** All calls that reached them, in order. */
  readonly seen: SeenFetch[];
  readonly intercept: () => Intercept | null;
  readonly now: () => Date;
}

/** Fake registries, all of the country unless told which, by their SDL. */
export function fakeTransports(
  { seen, intercept, now }: Shared,
  sdl: ReadonlyMap<SubgraphName, string> = new Map(SUBGRAPHS.map((name) => [name, contractFile(`subgraphs/${name}.graphql`)])),
): Record<SubgraphName, SubgraphTransport> {
  const transports = [...sdl].map(([name, text]) => [name, fakeRegistry(name, text, seen, intercept, now)]);
  return Object.fromEntries(transports) as Record<SubgraphName, SubgraphTransport>;
}

/** What the consent registry publishes now. */
export interface Published {
  policies: PolicySnapshot | 'unreachable';
  registered: RegisteredOperations;
}

/** What a fake consent registry publishes before a test has it publish anything else. */
export const NOTHING_REGISTERED_YET: RegisteredOperations = { epoch: 1, operations: [] };

/** The part of a fake consent registry that publishes. */
export function publisherOf(published: Published): Pick<Registrar, 'policies'> & OperationSource {
  const changed = <T extends { readonly epoch: number }>(state: T, known: number | null): T | null => {
    if (published.policies === 'unreachable') throw new Error('unreachable');
    return state.epoch === known ? null : state;
  };
  return {
    policies: async (known) => changed(published.policies as PolicySnapshot, known),
    operations: async (known) => changed(published.registered, known),
  };
}
