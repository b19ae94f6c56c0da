import { dataFor, randomFrom, randomPlan } from './src/execute/plan.random.ts';
import { compileSteps, runPlan } from './src/execute/run.ts';
const src = (await import('node:fs')).readFileSync(new URL('./src/execute/run.random.test.ts', import.meta.url), 'utf8');
const body = src.slice(src.indexOf('type Data ='), src.indexOf("test('whatever"));
(await import('node:fs')).writeFileSync(new URL('./zz-seed2.tmp.ts', import.meta.url), `import { dataFor, type RandomFetch, randomFrom, randomPlan } from './src/execute/plan.random.ts';
import type { Caller, SubgraphCall } from './src/execute/types.ts';\n` + body + '\nexport { simply, callerOf };');
const { simply, callerOf } = await import('./zz-seed2.tmp.ts');
let bad = 0;
for (let seed = Number(process.argv[2] ?? 1); seed <= Number(process.argv[3] ?? 3000) && bad < 4; seed++) for (const sh of [false, true]) {
const { step, fetches } = randomPlan(randomFrom(seed));
const e = JSON.parse(JSON.stringify(simply(fetches)));
const got = await runPlan(compileSteps(step), {}, callerOf(fetches, sh, []), new AbortController().signal);
const d = JSON.parse(JSON.stringify(got.data));
const diffs: string[] = [];
const walk = (a: any, b: any, p: string) => { if (diffs.length > 3) return; if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) { if (a !== b) diffs.push(p + ' expected ' + JSON.stringify(a)?.slice(0, 150) + ' got ' + JSON.stringify(b)?.slice(0, 150)); return; } for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) walk(a[k], b[k], p + '.' + k); };
walk(e, d, '');
if (diffs.length || got.errors.length) { bad++; console.log('SEED', seed, sh, got.errors); for (const f of fetches) console.log(f.fetch.at.join('.'), '|', f.fetch.entities?.[0]?.requires.map((r: any) => r.selections.map((s: any) => s.key)).join(), '|', f.fetch.text.replace(/.*?on T/, '')); console.log(diffs.join('\n')); }
}
console.log('done', bad);
