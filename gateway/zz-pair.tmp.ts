import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'undici';
import { httpTransport } from './src/execute/transport.http.ts';
const server = fork('/tmp/tr/server.mjs');
const [{ port }] = (await once(server, 'message')) as [{ port: number }];
const query = 'query($r:[_Any!]!){_entities(representations:$r){... on Product{upc name price weight}}}';
const variables = { r: Array.from({ length: 20 }, (_, i) => ({ __typename: 'Product', upc: String(i) })) };
const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 32, pipelining: 1, headersTimeout: 10000, bodyTimeout: 10000, maxResponseSize: 32 << 20 });
for (const path of ['/small', '/big']) {
  const transport = httpTransport({ subgraph: 's', url: new URL(`http://127.0.0.1:${port}${path}`) });
  const ours = (s: AbortSignal) => transport.send({ subgraph: 's', query, variables, operation: 'query' }, s);
  const theirs = async (signal: AbortSignal) => {
    const { headers, body } = await pool.request({ method: 'POST', path, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }), signal });
    if (!/^application\/json/.test(String(headers['content-type']))) throw new Error();
    return body.json();
  };
  const run = async (f: (s: AbortSignal) => Promise<unknown>, n: number) => {
    const c = process.cpuUsage();
    let left = n;
    await Promise.all(Array.from({ length: 16 }, async () => { while (left-- > 0) await f(new AbortController().signal); }));
    const d = process.cpuUsage(c);
    return (d.user + d.system) / n;
  };
  const n = path === '/big' ? 1500 : 6000;
  await run(ours, n); await run(theirs, n);
  const r: number[] = [];
  for (let i = 0; i < 9; i++) { const a = await run(ours, n), b = await run(theirs, n); r.push(b / a); if (i % 3 === 0) console.log(path, 'dispatch', a.toFixed(1), 'request', b.toFixed(1)); }
  r.sort((a, b) => a - b);
  console.log(path, 'request/dispatch median', r[4]!.toFixed(2), 'min', r[0]!.toFixed(2), 'max', r[8]!.toFixed(2));
  await transport.close();
}
await pool.close();
server.kill();
