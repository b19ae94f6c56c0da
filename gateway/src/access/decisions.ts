import {
  type Catalog,
  type Decision,
  decide,
  nextPolicyChange,
  type PolicySnapshot,
  type Principal,
  type Rights,
  rightsOf,
} from '@commonweal/schema';
import type { GraphQLSchema } from 'graphql';
import { Lru } from '../lru.ts';
import { type InputCheck, inputCheck } from './inputs.ts';
import { prune } from './prune.ts';

/** Decisions remembered. Each lives for a second. */
const MOST_DECISIONS = 4000;
/** Profiles remembered: one for each kind of consumer, purpose and set of policies that differs in fields, whatever the number of users. */
const MOST_PROFILES = 250;
/** Milliseconds that a decision is remembered at the most. */
const LIFETIME = 1000;

/** What a decision permits, whoever it is for: shared by all decisions of one shape. */
export interface Profile {
  readonly rights: Rights;
  readonly inputs: InputCheck;
  /** The part of the graph that the caller may know; null when that is nothing. */
  readonly visible: GraphQLSchema | null;
}

/** A decision, and the time until which it holds. */
interface Decided {
  readonly decision: Decision;
  readonly until: number;
}

/** Decisions and profiles, remembered. */
export interface Decisions {
  decide(snapshot: PolicySnapshot, principal: Principal): Decision;
  profile(decision: Decision): Profile;
}

/** `schema` is the whole graph. */
export function decisions(catalog: Catalog, schema: GraphQLSchema, now: () => Date): Decisions {
  const decided = new Lru<Decided>(MOST_DECISIONS);
  const profiles = new Lru<Profile>(MOST_PROFILES);
  // By the principal itself, which a token makes again and again, and only where it cannot change: the last one of each, which goes with it.
  const latest = new WeakMap<Principal, Decided>();

  function decideAt(snapshot: PolicySnapshot, principal: Principal, time: Date): Decided {
    const key = `${snapshot.epoch}:${JSON.stringify(principal)}`;
    const known = decided.get(key);
    if (known && time.getTime() < known.until) return known;
    const decision = decide(catalog, snapshot, principal, time);
    const made = { decision, until: Math.min(time.getTime() + LIFETIME, nextPolicyChange(snapshot, principal.consumer, time.getTime())) };
    decided.set(key, made);
    return made;
  }

  return {
    decide(snapshot, principal) {
      const time = now();
      const last = latest.get(principal);
      if (last && last.decision.epoch === snapshot.epoch && time.getTime() < last.until) return last.decision;
      const found = decideAt(snapshot, principal, time);
      if (Object.isFrozen(principal)) latest.set(principal, found);
      return found.decision;
    },
    profile(decision) {
      const known = profiles.get(decision.shape);
      if (known) return known;
      const rights = rightsOf(catalog, decision);
      const profile = { rights, inputs: inputCheck(catalog, rights), visible: prune(schema, catalog, rights) };
      profiles.set(decision.shape, profile);
      return profile;
    },
  };
}
