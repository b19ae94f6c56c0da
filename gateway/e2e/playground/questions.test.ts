import { readFileSync } from 'node:fs';
import { readQuestions } from '@commonweal/playground/build.questions.ts';
import { PERSONAS } from '@commonweal/schema';
import { buildSchema, parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StubGateway, startStubGateway } from './stub.gateway.ts';

const questions = readQuestions();
const api = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
let gateway: StubGateway;
beforeAll(async () => {
  gateway = await startStubGateway();
});
afterAll(() => gateway.stop());

async function ask(name: string, purpose: string | null, query: string, variables: string) {
  const persona = PERSONAS[name];
  if (!persona) throw new Error(`There is no persona ${name}.`);
  const token = await gateway.token(persona);
  const headers = {
    'content-type': 'application/json',
    'x-purpose': purpose ?? persona.purposes[0] ?? '',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const filled = variables.replaceAll('<birthDate>', '1950-01-11').replaceAll('<now>', '2026-01-01T00:00:00Z');
  const body = JSON.stringify({ query, variables: filled === '' ? {} : JSON.parse(filled) });
  return (await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body })).json() as Promise<{
    data?: unknown;
    errors?: { message: string }[];
  }>;
}

test.each(questions)('$name fits the schema', ({ query }) => {
  expect(validate(api, parse(query))).toEqual([]);
});

test.each(questions.flatMap((q) => q.personas.map((persona) => ({ ...q, persona }))))(
  '$persona may ask $name',
  async ({ persona, purpose, query, variables }) => {
    const { data, errors } = await ask(persona, purpose, query, variables);
    expect(errors).toBeUndefined();
    expect(data).toBeTruthy();
  },
);

test('every persona has a question', () => {
  const asked = new Set(questions.flatMap((q) => q.personas));
  expect(Object.keys(PERSONAS).filter((name) => !asked.has(name))).toEqual([]);
});
