import type { GraphQLSchema } from 'graphql';
import { useCallback, useEffect, useState } from 'react';
import type { Caller } from './caller.ts';
import { fetchSchema, GatewayProblem } from './gateway.ts';

/** Runs something as the caller; when the token is refused, once more with a fresh one. */
export type AsCaller = <T>(caller: Caller, work: (caller: Caller) => Promise<T>) => Promise<T>;

/** What is known of the graph. */
export interface SchemaState {
  /** The part that the caller may know; for a moment after a change of caller still that of the one before, so that the documentation stays open where it was. */
  readonly schema: GraphQLSchema | null;
  /** Whether `schema` is this caller's. */
  readonly isKnown: boolean;
  readonly problem: GatewayProblem | null;
}

interface Loaded {
  readonly key: string | null;
  readonly schema: GraphQLSchema | null;
  readonly problem: GatewayProblem | null;
}

/** The part of the graph that the caller may know, asked of the gateway whenever the caller changes, and on `reload`. */
export function useSchema(caller: Caller | null, asCaller: AsCaller): SchemaState & { reload: () => void } {
  const [loaded, setLoaded] = useState<Loaded>({ key: null, schema: null, problem: null });
  const [round, setRound] = useState(0);
  const key = caller?.key ?? null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a fresh token for the same caller changes nothing of what they may know
  useEffect(() => {
    if (!caller) return;
    let isCurrent = true;
    asCaller(caller, fetchSchema).then(
      (schema) => isCurrent && setLoaded({ key, schema, problem: null }),
      (error: unknown) =>
        isCurrent &&
        setLoaded({ key, schema: null, problem: error instanceof GatewayProblem ? error : new GatewayProblem('REFUSED', String(error)) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, round]);

  const isThis = loaded.key === key;
  return {
    schema: loaded.schema,
    isKnown: isThis && loaded.schema !== null,
    problem: isThis ? loaded.problem : null,
    reload: useCallback(() => setRound((n) => n + 1), []),
  };
}
