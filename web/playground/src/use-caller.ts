import type { PlaygroundPersona } from '@commonweal/gateway/http/playground.types.ts';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Caller, type Choice, callerOf } from './caller.ts';
import { fetchPersonas, GatewayProblem } from './gateway.ts';

/** Who may be chosen: not known yet, the personas of a local system, or nobody, so that a token has to be pasted. */
export type People =
  | { readonly kind: 'loading' }
  | { readonly kind: 'personas'; readonly personas: readonly PlaygroundPersona[] }
  | { readonly kind: 'token' };

/** Who asks, and how to change it. */
export interface CallerState {
  readonly people: People;
  readonly caller: Caller | null;
  /** Why nobody can be chosen, if the gateway does not answer. */
  readonly problem: GatewayProblem | null;
  readonly choose: (choice: Choice) => void;
  /** Fetches the personas anew, with fresh tokens. Resolves with the same caller as before, or null where there are no personas. */
  readonly renew: () => Promise<Caller | null>;
}

const FIRST = 'case-worker';

/** Keeps who asks. Tokens stay in the memory of the page: they are stored nowhere. */
export function useCaller(): CallerState {
  const [people, setPeople] = useState<People>({ kind: 'loading' });
  const [choice, choose] = useState<Choice | null>(null);
  const [problem, setProblem] = useState<GatewayProblem | null>(null);

  const renew = useCallback(async (): Promise<Caller | null> => {
    try {
      const personas = await fetchPersonas();
      setProblem(null);
      setPeople(personas ? { kind: 'personas', personas } : { kind: 'token' });
      const wanted = choice ?? firstChoice(personas);
      choose(wanted);
      return personas ? callerOf(wanted, personas) : null;
    } catch (error) {
      if (!(error instanceof GatewayProblem)) throw error;
      setProblem(error);
      return null;
    }
  }, [choice]);

  // Once, when the page opens; afterwards only when asked to.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the choice is no reason to fetch
  useEffect(() => void renew(), []);

  const caller = useMemo(() => (choice ? callerOf(choice, people.kind === 'personas' ? people.personas : []) : null), [choice, people]);
  return { people, caller, problem, choose, renew };
}

function firstChoice(personas: readonly PlaygroundPersona[] | null): Choice {
  const persona = personas?.find((p) => p.name === FIRST) ?? personas?.[0];
  return persona
    ? { kind: 'persona', name: persona.name, purpose: persona.purposes[0]?.purpose ?? '' }
    : { kind: 'token', token: null, purpose: null };
}
