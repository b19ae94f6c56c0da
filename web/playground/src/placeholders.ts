import type { Caller } from './caller.ts';
import { ask, fetchExamples } from './gateway.ts';

// References differ from consumer to consumer, so each caller looks up one of their own.
const FIRST_OF: Readonly<Record<string, string>> = {
  household: '{ found: households(filter: { sizeAtLeast: 5, scoreBand: [POOREST] }, first: 1) { nodes { id } } }',
  payment: '{ found: payments(filter: { status: [SENT] }, first: 1) { nodes { id } } }',
};

/** Variables with their placeholders filled in. What nobody knows stays as it is, for the reader to fill in: `missing` names it. */
export async function fillIn(variables: string, caller: Caller): Promise<{ variables: string; missing: readonly string[] }> {
  const names = [...new Set([...variables.matchAll(/<(\w+)>/g)].map((match) => match[1] ?? ''))];
  const known: Readonly<Record<string, string>> = names.some((n) => !isOwn(n)) ? await fetchExamples().catch(() => ({})) : {};
  const values = new Map<string, string | undefined>();
  for (const name of names) values.set(name, await valueFor(name, caller, known));
  return {
    variables: variables.replaceAll(/<(\w+)>/g, (whole, name: string) => JSON.stringify(values.get(name) ?? whole).slice(1, -1)),
    missing: names.filter((name) => values.get(name) === undefined),
  };
}

const isOwn = (name: string) => name === 'key' || name === 'now';

async function valueFor(name: string, caller: Caller, known: Readonly<Record<string, string>>): Promise<string | undefined> {
  if (name === 'key') return crypto.randomUUID();
  if (name === 'now') return new Date().toISOString();
  const query = FIRST_OF[name];
  return (query === undefined ? undefined : await firstId(query, caller)) ?? known[name];
}

async function firstId(query: string, caller: Caller): Promise<string | undefined> {
  const answer = await ask(caller, { query }).catch(() => null);
  const found = answer?.data?.found as { nodes?: readonly { id?: string }[] } | null | undefined;
  return found?.nodes?.[0]?.id;
}
