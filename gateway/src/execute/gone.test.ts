import { expect, test } from 'vitest';
import { type ExampleSubgraph, graphOf, type Interfere } from './graph.examples.ts';

/** Two registries list the members of a household: one knows their names, the other their schools, and never null for what it knows. */
const HOUSEHOLDS: Readonly<Record<'names' | 'schools', ExampleSubgraph>> = {
  names: {
    schema: `
      type Query { household: Household }
      type Household @key(fields: "id") { id: ID! members: [Member] @shareable }
      type Member { name: String @shareable phone: String }
    `,
    resolvers: {
      Query: { household: () => ({ id: 'h' }) },
      Household: { members: () => [{ name: 'Ada' }, { name: 'Ben' }] },
    },
  },
  schools: {
    schema: `
      type Household @key(fields: "id") { id: ID! size: Int town: String members: [Member!] @shareable }
      type Member { name: String @shareable school: String grade: Int }
    `,
    resolvers: {
      Household: {
        size: () => 2,
        town: () => 'Lodwar',
        members: () => [
          { school: 'Lodwar Girls', grade: 4 },
          { school: 'Lodwar Boys', grade: 2 },
        ],
      },
    },
  },
};

/** Replaces what the registry of schools says of the household. */
const saying =
  (household: unknown, path: readonly (string | number)[]): Interfere =>
  async (call, answer) =>
    call.subgraph === 'schools'
      ? { data: { _entities: [household] }, errors: [{ message: 'no', path: ['_entities', 0, ...path] }] }
      : answer();

const told = (...path: (string | number)[]) => ({ message: 'no', path: ['household', ...path] });

test('a list that one subgraph took back and another gave has an error of its own, which tells of the nulls in its other objects', async () => {
  const { ask } = graphOf(HOUSEHOLDS, saying({ members: null }, ['members', 1, 'grade']));
  expect(await ask('{ household { members { phone name school grade } } }')).toEqual({
    data: {
      household: {
        members: [
          { phone: null, name: 'Ada', school: null, grade: null },
          { phone: null, name: 'Ben', school: null, grade: null },
        ],
      },
    },
    errors: [told('members', 1, 'grade'), told('members')],
  });
});

test('of an object that one subgraph took back and another gave, each field that is left without a value is told', async () => {
  const inList = graphOf(HOUSEHOLDS, saying({ members: [null, { school: 'Lodwar Boys', grade: 2 }] }, ['members', 0, 'grade']));
  const answer = await inList.ask('{ household { members { phone school grade } } }');
  expect(answer.errors).toEqual([told('members', 0, 'grade'), told('members', 0, 'school')]);

  const entity = graphOf(HOUSEHOLDS, saying(null, ['size']));
  expect(await entity.ask('{ household { id size town } }')).toEqual({
    data: { household: { id: 'h', size: null, town: null } },
    errors: [told('size'), told('town')],
  });
});

test('where nothing else stands one error is enough: all above it is null', async () => {
  const { ask } = graphOf(HOUSEHOLDS, saying({ members: null, size: 2 }, ['members', 1, 'grade']));
  expect(await ask('{ household { size members { school grade } } }')).toEqual({
    data: { household: { size: 2, members: null } },
    errors: [told('members', 1, 'grade')],
  });
});

test('what several errors took back is told once, as is what has no place among the entities', async () => {
  const { ask } = graphOf(HOUSEHOLDS, async (call, answer) =>
    call.subgraph === 'schools'
      ? {
          data: { _entities: [{ members: null }] },
          errors: [0, 1].map((i) => ({ message: 'no', path: ['_entities', 0, 'members', i, 'grade'] })),
        }
      : answer(),
  );
  const answer = await ask('{ household { members { phone school grade } } }');
  expect(answer.errors).toEqual([told('members', 0, 'grade'), told('members', 1, 'grade'), told('members')]);

  const none = graphOf(HOUSEHOLDS, async (call, own) =>
    call.subgraph === 'schools' ? { data: null, errors: [{ message: 'no', path: ['_entities', 0, 'size'] }] } : own(),
  );
  expect((await none.ask('{ household { id size town } }')).errors).toEqual([told('size'), told()]);
});

test('on the way from what one subgraph took back to its error, a list that another gave has an error of its own', async () => {
  const { ask } = graphOf(HOUSEHOLDS, saying(null, ['members', 1, 'grade']));
  expect(await ask('{ household { town members { phone name grade } } }')).toEqual({
    data: {
      household: {
        town: null,
        members: [
          { phone: null, name: 'Ada', grade: null },
          { phone: null, name: 'Ben', grade: null },
        ],
      },
    },
    errors: [told('members', 1, 'grade'), told('members'), told('town')],
  });
});
