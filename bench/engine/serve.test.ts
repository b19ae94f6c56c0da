import type { AddressInfo } from 'node:net';
import { createEngine } from '@commonweal/gateway/execute/engine.ts';
import { type Headers, openWay, type Transport } from '@commonweal/gateway/execute/transport.ts';
import type { SubgraphReply } from '@commonweal/gateway/execute/types.ts';
import { describe, expect, it } from 'vitest';
import { getGraph } from './graphs/all.ts';
import { supergraphOf } from './graphs/compose.ts';
import { executable } from './graphs/executable.ts';
import { startFront } from './serve.front.ts';

const graph = getGraph('benchmark');
const urls = Object.fromEntries(Object.keys(graph.subgraphs).map((name) => [name, `http://127.0.0.1/${name}`]));

/** The engine over the subgraphs of the public benchmark, in this process; notes the headers of all calls. */
function front(host: string, seen: Headers[] = []) {
  const transports = Object.entries(graph.subgraphs).map(([name, definition]): [string, Transport] => {
    const execute = executable(definition);
    const send: Transport['send'] = async ({ query, variables }, _signal, headers = {}) => {
      seen.push(headers);
      return (await execute(query, variables)) as SubgraphReply;
    };
    return [name, { send, close: async () => {} }];
  });
  const way = openWay({ transports: Object.fromEntries(transports) });
  return startFront({ engine: createEngine({ sdl: supergraphOf(graph, urls) }), way, host, port: 0 });
}

describe('the bare engine behind its front', () => {
  it('does not listen where others could reach it', async () => {
    await expect(front('0.0.0.0')).rejects.toThrow('There is no access control here');
  });

  it('answers the question of the public benchmark, and hands the caller on to the subgraphs', async () => {
    const seen: Headers[] = [];
    const server = await front('127.0.0.1', seen);
    try {
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer somebody' },
        body: JSON.stringify({ query: graph.query }),
      });
      const text = await answer.text();
      const { data, errors } = JSON.parse(text);
      expect(errors).toBeUndefined();
      expect(text.length).toBe(88_143);
      expect(data.users).toHaveLength(6);
      expect(data.users[5].reviews[1].product.reviews[3].author.reviews[0].product).toEqual({
        inStock: true,
        name: 'Table',
        price: 899,
        shippingEstimate: 50,
        upc: '1',
        weight: 100,
      });
      expect(seen.length).toBeGreaterThan(0);
      expect(new Set(seen.map((headers) => headers.authorization))).toEqual(new Set(['Bearer somebody']));
    } finally {
      server.close();
    }
  });
});
