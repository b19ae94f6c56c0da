import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSchema, GraphQLError, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { processTransport } from './transport.process.ts';
import type { SubgraphCall } from './types.ts';

const schema = buildSchema('type Query { greeting(name: String): String, slow: String, broken: String } type Mutation { greet: String }');
const fields = schema.getQueryType()!.getFields();
fields.greeting!.resolve = (_, { name }: { name: string }, context: { polite?: boolean } | undefined) =>
  `${context?.polite ? 'Good morning' : 'Hello'}, ${name}`;
fields.slow!.resolve = async (_, __, { signal }: { signal: AbortSignal }) => {
  for (let i = 0; i < 100 && !signal.aborted; i++) await sleep(10);
  seen.push(signal.aborted ? 'stopped' : 'done');
  return 'at last';
};
fields.broken!.resolve = () => {
  throw new GraphQLError('no database', { extensions: { code: 'INTERNAL' } });
};
const seen: string[] = [];

const call = (query: string, variables: Record<string, unknown> = {}): SubgraphCall => ({
  subgraph: 'greetings',
  query,
  variables,
  operation: 'query',
});
const never = new AbortController().signal;
const transport = processTransport({ subgraph: 'greetings', schema, context: (_call, signal, headers) => ({ signal, ...headers }) });

describe('a subgraph in this process', () => {
  test('answers with data, and with errors and their places', async () => {
    expect(await transport.send(call('query($n: String) { greeting(name: $n) }', { n: 'Ada' }), never)).toEqual({
      data: { greeting: 'Hello, Ada' },
    });
    expect(await transport.send(call('{ broken }'), never)).toEqual({
      data: { broken: null },
      errors: [{ message: 'no database', path: ['broken'], extensions: { code: 'INTERNAL' } }],
    });
  });

  test('is given the headers of the call in its context', async () => {
    const { data } = await transport.send(call('{ greeting(name: "Ada") }'), never, { polite: 'yes' });
    expect(data).toEqual({ greeting: 'Good morning, Ada' });
  });

  test('says so when it does not know what it is asked for', async () => {
    expect(await transport.send(call('{ nothing }'), never)).toEqual({
      errors: [{ message: 'Cannot query field "nothing" on type "Query".', path: undefined, extensions: {} }],
    });
    expect(await transport.send(call('{ '), never)).toEqual({ errors: [{ message: 'Syntax Error: Expected Name, found <EOF>.' }] });
  });

  test('is stopped by its deadline and by the client’s leaving: its resolvers see it', async () => {
    const hasty = processTransport({ subgraph: 'greetings', schema, context: (_, signal) => ({ signal }), timeoutMs: 30 });
    await expect(hasty.send(call('{ slow }'), never)).rejects.toMatchObject({ fault: 'TIMEOUT' });
    const client = new AbortController();
    setTimeout(() => client.abort(), 30);
    await expect(transport.send(call('{ slow }'), client.signal)).rejects.toMatchObject({ fault: 'ABORTED' });
    for (let i = 0; i < 100 && seen.length < 2; i++) await sleep(10);
    expect(seen).toEqual(['stopped', 'stopped']);
    await expect(transport.send(call('{ slow }'), client.signal)).rejects.toMatchObject({ fault: 'ABORTED' });
  });

  test('compiles each text once, and remembers no more than it may', async () => {
    let compiled = 0;
    const counting = processTransport({
      subgraph: 'greetings',
      schema,
      mostText: 10_000,
      compile: (_, document) => {
        compiled++;
        expect(document).toEqual(parse('{ greeting }', { noLocation: true }));
        return () => ({ data: { greeting: 'compiled' } });
      },
    });
    for (let i = 0; i < 3; i++) await counting.send(call('{ greeting }'), never);
    expect(compiled).toBe(1);
    // Two thousand texts that differ in their blanks: the first is forgotten, or the memory has no end.
    for (let i = 0; i < 2000; i++) await counting.send(call(`{${' '.repeat(i)}greeting }`), never);
    const before = compiled;
    for (let i = 0; i < 1000; i++) await counting.send(call(`{${' '.repeat(i + 1)}greeting }`), never);
    expect(compiled - before).toBeGreaterThan(900);
  });

  test('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 10_000; i++) await transport.send(call('{ greeting }'), signal);
    expect(getEventListeners(signal, 'abort').length).toBe(0);
  });
});
