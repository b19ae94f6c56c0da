import { writeFileSync } from 'node:fs';
import { getGraph } from './graphs/all.ts';
import { supergraphOf } from './graphs/compose.ts';
import { startPinned, cpuMs, peakMiB } from './processes.ts';
const g = getGraph(process.argv[2]!);
const sub = startPinned(1, 'subgraphs.ts');
const { urls } = await sub.ask<any>({ kind: 'start', graph: g.name });
writeFileSync('/tmp/bench-sg.graphql', supergraphOf(g, urls));
const hive = '/work/main/bench/engine/peers/node_modules/@graphql-hive/gateway/dist/bin.js';
const inp = process.argv[3];
const hargs = (p: number) => ['supergraph', '/tmp/bench-sg.graphql', '--port', String(p), '--host', '127.0.0.1', '-c', '/work/main/bench/engine/peers/config.hive.ts', '--jit'];
const env: any = inp ? { BENCH_IN_PROCESS: g.name } : {};
const gws = { stock: startPinned(0, 'gateways/stock.ts', ['--supergraph', '/tmp/bench-sg.graphql', '--port', '7701', ...(inp ? ['--in-process', g.name] : [])]),
 hive: startPinned(0, hive, hargs(7702), { env }),
 rust: startPinned(0, hive, hargs(7703), { env: { ...env, BENCH_PLANNER: 'rust' } }) };
await new Promise((r) => setTimeout(r, 9000));
let port = 7701;
const load = startPinned(1, 'load.ts');
for (const [n, gw] of Object.entries(gws)) {
  const url = `http://127.0.0.1:${port++}`;
  try {
    const bodies = Array.from({ length: g.different }, (_, i) => JSON.stringify({ query: g.query, variables: g.variables(i) }));
    const r = await fetch(url + '/graphql', { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer x' + port }, body: bodies[0]! });
    const t = await r.text();
    const seen = await sub.ask<any>({ kind: 'seen' });
    console.log(n, r.status, t.length, t.slice(0, 200), seen);
    await load.ask({ url, bodies, isDistinct: true, connections: 50, seconds: 5, bytes: t.length });
    await sub.ask<any>({ kind: 'seen' });
    const c = cpuMs(gw.pid);
    const l = await load.ask<any>({ url, bodies, isDistinct: true, connections: 50, seconds: 5, bytes: t.length });
    console.log(n, l, (cpuMs(gw.pid) - c) / l.answers, peakMiB(gw.pid), await sub.ask<any>({ kind: 'seen' }), gw.output().slice(-500));
  } catch (e) { console.log(n, e, gw.output().slice(-2000)); }
}
for (const p of [...Object.values(gws), sub, load]) await p.stop();
