import type { Engine, EngineRequest } from './engine.ts';
import { type Shareable, Sharing, type SharingCaller, shareInFlight } from './sharing.ts';
import type { Caller } from './types.ts';

/** Answers a request with text of JSON. */
export type AnswerText = (request: EngineRequest, caller: Caller, signal: AbortSignal) => Promise<string>;

interface Answered extends Shareable {
  readonly text: string;
}

/** Answers each request for itself. */
export const answerEach =
  (engine: Engine): AnswerText =>
  async (request, caller, signal) =>
    JSON.stringify(await engine.answer(request, caller, signal));

/**
 * Answers identical requests that are under way at the same time once: those of one caller's key with the same text, operation and variables. It may be joined until
 * a first subgraph has answered: as long, whoever joins would have shared each of its calls, so nobody gets older data than by `shareInFlight` alone. Writes are
 * never shared. Whatever is done for each caller (who it is, what it may see, its limits, its record) must have been done before, and the key must tell apart
 * all whose answers may differ: the product does not use it.
 */
export function answerTogether(engine: Engine): AnswerText {
  const each = answerEach(engine);
  const sharing = new Sharing<Answered>();
  return async (request, caller, signal) => {
    const { query, operationName, variables } = request;
    if (query === undefined || !engine.isQuery(request)) return each(request, caller, signal).finally(() => sharing.clear());
    const answering: SharingCaller<Answered> = {
      key: caller.key,
      call: async (_, own, close) => ({ text: await each(request, closing(caller, close), own) }),
    };
    const call = { subgraph: operationName ?? '', query, variables: variables ?? {}, operation: 'query' } as const;
    return (await shareInFlight(answering, sharing).call(call, signal)).text;
  };
}

/** A caller that tells of each answer of a subgraph, before anybody reads it. */
const closing = (caller: Caller, close: () => void): Caller => ({
  key: caller.key,
  call: (call, signal) => caller.call(call, signal).finally(close),
});
