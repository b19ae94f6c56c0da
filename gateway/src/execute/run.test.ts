import { expect, test } from 'vitest';
import { graphOf, representations } from './graph.examples.ts';
import { LIBRARY } from './library.examples.ts';

test('what two objects have in common is asked for once and stands in both', async () => {
  const { ask, sent } = graphOf(LIBRARY);
  const answer = await ask('{ books { title writer { name } } }');
  expect(answer).toEqual({
    data: {
      books: [
        { title: 'Alpha', writer: { name: 'Ada' } },
        { title: 'Beta', writer: { name: 'Ben' } },
        { title: 'Gamma', writer: { name: 'Ada' } },
      ],
    },
  });
  expect(sent).toHaveLength(2);
  expect(representations(sent[1])).toEqual([
    { __typename: 'Person', id: '1' },
    { __typename: 'Person', id: '2' },
  ]);
});

test('lists in lists are opened, and null in them is passed over', async () => {
  const { ask, sent } = graphOf(LIBRARY);
  const answer = await ask('{ shelves { title writer { name } } }');
  expect(answer.data).toEqual({
    shelves: [
      [{ title: 'Alpha', writer: { name: 'Ada' } }, null, { title: 'Beta', writer: { name: 'Ben' } }],
      [],
      [
        { title: 'Alpha', writer: { name: 'Ada' } },
        { title: 'Gamma', writer: { name: 'Ada' } },
      ],
    ],
  });
  expect(representations(sent[1])).toHaveLength(2);
});

test('one entity on two ways gets what each way asks for', async () => {
  const { ask } = graphOf(LIBRARY);
  const answer = await ask('{ books { writer { name } } favorite { writer { home { town } } reviews { by { name home { street } } } } }');
  expect(answer).toEqual({
    data: {
      books: [{ writer: { name: 'Ada' } }, { writer: { name: 'Ben' } }, { writer: { name: 'Ada' } }],
      favorite: { writer: { home: { town: 'Kisumu' } }, reviews: [{ by: { name: 'Ada', home: { street: 'Moi Avenue' } } }] },
    },
  });
});

test('from subgraph to subgraph and back, as deep as it goes', async () => {
  const { ask } = graphOf(LIBRARY);
  const answer = await ask('{ books { reviews { by { name reviews { stars by { name home { town } } } } } } }');
  expect(answer.data?.books).toEqual([
    {
      reviews: [
        { by: { name: 'Ben', reviews: [{ stars: 5, by: { name: 'Ben', home: { town: 'Kisumu' } } }] } },
        {
          by: {
            name: 'Ada',
            reviews: [
              { stars: 4, by: { name: 'Ada', home: { town: 'Nairobi' } } },
              { stars: 3, by: { name: 'Ada', home: { town: 'Nairobi' } } },
            ],
          },
        },
      ],
    },
    {
      reviews: [
        {
          by: {
            name: 'Ada',
            reviews: [
              { stars: 4, by: { name: 'Ada', home: { town: 'Nairobi' } } },
              { stars: 3, by: { name: 'Ada', home: { town: 'Nairobi' } } },
            ],
          },
        },
      ],
    },
    { reviews: [] },
  ]);
});

test('aliases that JavaScript lends to every object are keys like others', async () => {
  const { ask } = graphOf(LIBRARY);
  const answer = await ask(`{
    toString: books { constructor: title valueOf: writer { hasOwnProperty: name isPrototypeOf: home { toLocaleString: town } } }
    constructor: book(isbn: "none") { writer { name } }
  }`);
  expect(answer).toEqual({
    data: {
      toString: [
        { constructor: 'Alpha', valueOf: { hasOwnProperty: 'Ada', isPrototypeOf: { toLocaleString: 'Nairobi' } } },
        { constructor: 'Beta', valueOf: { hasOwnProperty: 'Ben', isPrototypeOf: { toLocaleString: 'Kisumu' } } },
        { constructor: 'Gamma', valueOf: { hasOwnProperty: 'Ada', isPrototypeOf: { toLocaleString: 'Nairobi' } } },
      ],
      constructor: null,
    },
  });
});

test('where there is nothing to ask for, nothing is sent', async () => {
  const { ask, sent } = graphOf(LIBRARY);
  expect(await ask('{ book(isbn: "none") { title writer { name reviews { stars } } } }')).toEqual({ data: { book: null } });
  expect(sent).toHaveLength(1);
});

test('a condition leaves out the fetch', async () => {
  const { ask, sent } = graphOf(LIBRARY);
  const query = 'query ($named: Boolean = true) { favorite { title writer @include(if: $named) { name } } }';
  expect(await ask(query, { named: false })).toEqual({ data: { favorite: { title: 'Beta' } } });
  expect(sent).toHaveLength(1);
  expect(await ask(query)).toEqual({ data: { favorite: { title: 'Beta', writer: { name: 'Ben' } } } });
  expect(sent).toHaveLength(3);
});

test('a fetch gets the variables that it uses, and no others', async () => {
  const { ask, sent } = graphOf(LIBRARY);
  await ask(
    'query ($isbn: ID!, $chapter: Int = 3, $with: Boolean!) { book(isbn: $isbn) { pages(chapter: $chapter) writer { name @include(if: $with) } } }',
    {
      isbn: 'a',
      with: true,
    },
  );
  expect(sent.map((call) => Object.keys(call.variables).sort())).toEqual([
    expect.arrayContaining(['chapter', 'isbn']),
    expect.arrayContaining(['representations']),
  ]);
  expect(sent[0]?.variables).toMatchObject({ isbn: 'a', chapter: 3 });
  expect(sent[1]?.variables).not.toHaveProperty('isbn');
});

test('mutations run one after another, also when one of them fails', async () => {
  let running = 0;
  const { ask, sent } = graphOf(LIBRARY, async (_, answer) => {
    running += 1;
    expect(running).toBe(1);
    const reply = await answer();
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return reply;
  });
  const answer = await ask('mutation { one: give(isbn: "a") { title } two: greet(id: "2") { name } three: lend(isbn: "b") { title } }');
  expect(answer).toEqual({
    data: { one: null, two: { name: 'Ben' }, three: { title: 'Beta' } },
    errors: [expect.objectContaining({ message: 'not for giving', path: ['one'] })],
  });
  expect(sent.map((call) => [call.subgraph, call.operation])).toEqual([
    ['books', 'mutation'],
    ['people', 'mutation'],
    ['books', 'mutation'],
  ]);
});

test('one plan serves many requests at once', async () => {
  const { ask } = graphOf(LIBRARY, async (_, answer) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    return answer();
  });
  const query = 'query ($isbn: ID!) { book(isbn: $isbn) { title writer { name } } }';
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => ask(query, { isbn: 'abc'[i % 3] })));
  const expected = [
    { title: 'Alpha', writer: { name: 'Ada' } },
    { title: 'Beta', writer: { name: 'Ben' } },
    { title: 'Gamma', writer: { name: 'Ada' } },
  ];
  expect(answers.map((a) => a.data?.book)).toEqual(Array.from({ length: 30 }, (_, i) => expected[i % 3]));
});
