import { executable } from '../bench/engine/graphs/executable.ts';
import { supergraphOf } from '../bench/engine/graphs/compose.ts';
import { getGraph } from '../bench/engine/graphs/all.ts';
import { createEngine } from './src/execute/engine.ts';
import { runPlan } from './src/execute/run.ts';
import { planOperation } from './src/plan/planner.ts';
import { parse } from 'graphql';
const name = process.argv[2] ?? 'benchmark';
const mode = process.argv[3] ?? 'show';
const graph = getGraph(name);
const execs = Object.fromEntries(Object.entries(graph.subgraphs).map(([n, d]) => [n, executable(d)]));
const sdl = supergraphOf(graph, Object.fromEntries(Object.keys(graph.subgraphs).map((n) => [n, 'http://' + n])));
const engine = createEngine({ sdl });
const canned = new Map<string, string>();
let calls = 0, reps = 0;
const shared = process.argv[4] === 'shared';
const parsed = new Map<string, unknown>();
const caller = {
  key: null,
  async call(c: any) {
    calls++;
    const k = c.subgraph + c.query + JSON.stringify(c.variables);
    let t = canned.get(k);
    if (!t) { t = JSON.stringify(await execs[c.subgraph]!(c.query, c.variables)); canned.set(k, t);
      if (mode === 'show') console.log(c.subgraph, c.query.slice(0, 200), c.variables.representations?.length, t.length); }
    if (shared) { let p = parsed.get(k) as any; if (!p) { p = { ...JSON.parse(t), shared: true }; parsed.set(k, p); } return p; }
    return JSON.parse(t);
  },
};
const signal = new AbortController().signal;
const variables = graph.variables(1) as any;
const a = await engine.answer({ query: graph.query, variables }, caller, signal);
if (mode === 'show') {
  console.log(JSON.stringify(planOperation(engine.supergraph, parse(graph.query)), (k, v) => v instanceof Set ? [...v] : k==='text'? v.slice(0,80):v, 1).slice(0, 3000));
  console.log('calls', calls, 'answer', JSON.stringify(a).length, JSON.stringify(a).slice(0, 300));
  const again = await engine.answer({ query: graph.query, variables }, caller, signal);
  console.log(JSON.stringify(again) === JSON.stringify(a));
} else {
  const prepared = engine.prepare(parse(graph.query));
  // pure: replies parsed before the clock: n sets
  const N = Number(process.argv[5] ?? 300);
  for (let round = 0; round < (process.argv[6] ? 0 : 6); round++) {
    const sets: any[][] = [];
    // record order of calls
    const log: string[] = [];
    const rec = { key: null, call: (c: any) => { const k = c.subgraph + c.query + JSON.stringify(c.variables); log.push(k); return Promise.resolve(shared ? {...JSON.parse(canned.get(k)!), shared: true} : JSON.parse(canned.get(k)!)); } };
    const first = await runPlan(prepared.plan!, variables, rec as any, signal);
    const one = log.map((k) => ({ ...JSON.parse(canned.get(k)!), ...(shared ? { shared: true } : {}) }));
    for (let i = 0; i < N; i++) sets.push(shared ? one : log.map((k) => JSON.parse(canned.get(k)!)));
    global.gc?.();
    const t0 = process.cpuUsage();
    for (let i = 0; i < N; i++) {
      const set = sets[i]!; let n = 0;
      await runPlan(prepared.plan!, variables, { key: null, call: () => Promise.resolve(set[n++]) } as any, signal);
    }
    const t1 = process.cpuUsage(t0);
    console.log(((t1.user + t1.system) / N).toFixed(1), 'us/run', 'merged bytes', JSON.stringify(first.data).length);
  }
  { const keys: string[] = []; const rec = { key: null, call: (c: any) => { const k = c.subgraph + c.query + JSON.stringify(c.variables); keys.push(k); return Promise.resolve(JSON.parse(canned.get(k)!)); } };
    await runPlan(prepared.plan!, variables, rec as any, signal);
    const texts = keys.map((k) => canned.get(k)!);
    const set = texts.map((t) => ({ ...JSON.parse(t), shared: true }));
    for (let round = 0; round < 6; round++) {
      let best = [Infinity, Infinity, Infinity];
      for (let b = 0; b < 10; b++) {
        const M = N / 10;
        let t0 = process.cpuUsage();
        for (let i = 0; i < M; i++) for (const t of texts) JSON.parse(t);
        let t1 = process.cpuUsage(t0); best[0] = Math.min(best[0]!, (t1.user + t1.system) / M);
        t0 = process.cpuUsage();
        for (let i = 0; i < M; i++) { let n = 0; await runPlan(prepared.plan!, variables, { key: null, call: () => Promise.resolve(shared ? set[n++] : JSON.parse(texts[n++]!)) } as any, signal); }
        t1 = process.cpuUsage(t0); best[1] = Math.min(best[1]!, (t1.user + t1.system) / M);
      }
      console.log('parse', best[0]!.toFixed(1), 'parse+run', best[1]!.toFixed(1));
    }
  }
  // whole answer with parse
  for (let round = 0; round < 3; round++) {
    const t0 = process.cpuUsage();
    for (let i = 0; i < N; i++) await engine.answer({ query: graph.query, variables }, caller, signal);
    const t1 = process.cpuUsage(t0);
    console.log(((t1.user + t1.system) / N).toFixed(1), 'us/answer with JSON.parse of replies and key building, without stringify');
  }
}
