/** Configuration of Hive Gateway as its makers run it in the public benchmark, with the caller's Authorization header forwarded. What differs from case to case stands in the environment. */
import { print } from 'graphql';
import { getGraph } from '../graphs/all.ts';
import { executable } from '../graphs/executable.ts';

const { BENCH_PLANNER: planner, BENCH_IN_PROCESS: inProcess, BENCH_SHARES_REQUESTS: sharesRequests } = process.env;

/** Named by a variable, because types are checked where the peers are not installed. */
const rust = '@graphql-hive/router-runtime';

interface Sent {
  readonly request: Request;
}
interface Wanted {
  readonly subgraphName: string;
}
interface Asked {
  readonly document: Parameters<typeof print>[0];
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Subgraphs in the gateway's own process. Documents come parsed, and the same ones again and again: each is printed once. */
function executor({ subgraphName }: Wanted): (asked: Asked) => unknown {
  const execute = executable(getGraph(inProcess!).subgraphs[subgraphName]!);
  const texts = new WeakMap<object, string>();
  return ({ document, variables }) => {
    let text = texts.get(document);
    if (text === undefined) {
      text = print(document);
      texts.set(document, text);
    }
    return execute(text, variables ?? {});
  };
}

export const gatewayConfig = {
  logging: false,
  disableWebsockets: true,
  propagateHeaders: { fromClientToSubgraphs: ({ request }: Sent) => ({ authorization: request?.headers.get('authorization') }) },
  ...(sharesRequests ? { inboundInflightRequestDeduplication: true } : {}),
  ...(planner === 'rust' ? { unifiedGraphHandler: (await import(rust)).unifiedGraphHandler } : {}),
  ...(inProcess ? { transports: { http: { getSubgraphExecutor: executor } } } : {}),
};
