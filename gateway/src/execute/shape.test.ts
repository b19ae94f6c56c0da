import { buildSchema, type FieldNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileShape, type ShapeRules } from './shape.ts';

const SCHEMA = buildSchema(`
  scalar Json
  enum Mood { CALM CROSS }
  interface Animal { name: String! mood: Mood owner: Person }
  type Cat implements Animal { name: String! mood: Mood owner: Person lives: Int }
  type Dog implements Animal { name: String! mood: Mood owner: Person tricks: [String!] }
  union Being = Cat | Dog | Person
  type Person { id: ID! name: String! age: Int height: Float isAdult: Boolean pets: [Animal!] friend: Person beings: [Being] tags: [String] more: Json grid: [[Int!]!] }
  type Query { person: Person people: [Person!]! animal: Animal mustBe: Person! }
  type Mutation { rename: Person }`);

const shapeOf = (text: string, rules?: ShapeRules) => compileShape({ schema: SCHEMA, document: parse(text), rules });
/** The answer as JSON, which also tells the order of its keys, and what is wrong with it. */
function shaped(text: string, data: Record<string, unknown> | null, variables: Record<string, unknown> = {}, rules?: ShapeRules) {
  const answer = shapeOf(text, rules).shape(data, variables, []);
  return { json: JSON.stringify(answer.data), faults: answer.faults.map((e) => `${e.path?.join('.')}: ${e.message}`) };
}
const quick = (text: string, data: Record<string, unknown>, variables: Record<string, unknown> = {}) =>
  JSON.stringify(shapeOf(text).quickly(data, variables)?.data);

describe('data in good order takes the quick way', () => {
  it('the keys asked for in the order asked for, aliases, and nothing else', () => {
    const data = { person: { secret: 1, name: 'Ann', years: 30, id: '7', __typename: 'Person' } };
    expect(quick('{ person { __typename years: age ...N kind: __typename } } fragment N on Person { id name }', data)).toBe(
      '{"person":{"__typename":"Person","years":30,"id":"7","name":"Ann","kind":"Person"}}',
    );
  });

  it('one key in several selections is one object with all their fields, in the order of the first', () => {
    const data = { person: { id: '1', friend: { id: '2', name: 'Bo', age: 3 } } };
    expect(quick('{ person { friend { age } id } ... on Query { person { friend { name age } } } }', data)).toBe(
      '{"person":{"friend":{"age":3,"name":"Bo"},"id":"1"}}',
    );
  });

  it('behind an interface or a union, the fields of the type that is really there', () => {
    const data = {
      animal: { __typename: 'Dog', name: 'Rex', tricks: ['sit'] },
      person: { beings: [{ __typename: 'Cat', lives: 9 }, null, { __typename: 'Person', name: 'Ann' }] },
    };
    expect(
      quick(
        '{ animal { name ... on Cat { lives } ... on Dog { tricks } } person { beings { ... on Animal { __typename } ... on Cat { lives } ... on Person { name } } } }',
        data,
      ),
    ).toBe('{"animal":{"name":"Rex","tricks":["sit"]},"person":{"beings":[{"__typename":"Cat","lives":9},null,{"name":"Ann"}]}}');
  });

  it('@skip and @include, by variables and by literals, on fields and fragments', () => {
    const text =
      'query ($a: Boolean!, $b: Boolean! = true) { person { id @skip(if: $a) name @include(if: $b) age @include(if: false) ...F @include(if: $a) } } fragment F on Person { height }';
    const data = { person: { id: '1', name: 'Ann', age: 3, height: 1.5 } };
    expect(quick(text, data, { a: true, b: true })).toBe('{"person":{"name":"Ann","height":1.5}}');
    expect(quick(text, data, { a: false, b: false })).toBe('{"person":{"id":"1"}}');
  });

  it('more sets of conditions than are remembered', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const text = `query (${names.map((n) => `$${n}: Boolean!`).join(' ')}) { person { ${names.map((n) => `${n}: id @include(if: $${n})`).join(' ')} } }`;
    const shape = shapeOf(text);
    const data = { person: Object.fromEntries(names.map((n) => [n, n])) };
    for (const round of [1, 2]) {
      for (let set = 0; set < 64; set++) {
        const wanted = names.filter((_, i) => (set >> i) & 1);
        const answer = shape.quickly(data, Object.fromEntries(names.map((n) => [n, wanted.includes(n)])));
        expect([round, answer?.data]).toEqual([round, { person: Object.fromEntries(wanted.map((n) => [n, n])) }]);
      }
    }
  });

  it('leaves are those of their type: what may be read as one is, as graphql-js does', () => {
    const data = { person: { id: 7, name: 12.5, age: '3', height: true, isAdult: 0, more: { a: [1] }, tags: ['a', 5, null] } };
    expect(quick('{ person { id name age height isAdult more tags } }', data)).toBe(
      '{"person":{"id":"7","name":"12.5","age":3,"height":1,"isAdult":false,"more":{"a":[1]},"tags":["a","5",null]}}',
    );
  });

  it('lists of leaves and scalars of our own are handed on as they came', () => {
    const data = { person: { tags: ['a', null], more: { deep: [{}] }, grid: [[1], [2, 3]] } };
    const person = shapeOf('{ person { tags more grid } }').quickly(data, {})?.data?.person as typeof data.person;
    expect(person.tags).toBe(data.person.tags);
    expect(person.more).toBe(data.person.more);
    expect(person.grid[1]).toBe(data.person.grid[1]);
  });

  it('null, and what is not there, where null may be: the answer of a subgraph that failed in part', () => {
    const told = [{ message: 'down', path: ['person', 'pets'] }];
    const answer = shapeOf('{ person { id pets { name } friend { id } } animal { name } }').shape(
      { person: { id: '1', pets: null } },
      {},
      told,
    );
    expect(answer).toEqual({
      data: { person: { id: '1', pets: null, friend: null }, animal: null },
      errors: told,
      faults: [],
      refused: [],
    });
    expect(quick('{ person { id pets { name } } }', { person: { id: '1' } })).toBe('{"person":{"id":"1","pets":null}}');
  });

  it('mutations, and one operation of several', () => {
    const document = parse('mutation M { rename { name } } query Q { person { id } }');
    expect(compileShape({ schema: SCHEMA, document, operationName: 'M' }).quickly({ rename: { name: 'Eve' } }, {})?.data).toEqual({
      rename: { name: 'Eve' },
    });
    expect(() => compileShape({ schema: SCHEMA, document, operationName: 'X' })).toThrow('no such operation');
  });

  it('fragments that spread fragments cost no more than the data that is there', () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `fragment F${i} on Person { a: friend { id ...F${i + 1} } b: friend { ...F${i + 1} } }`,
    );
    const text = `{ person { ...F0 } } ${levels.join(' ')} fragment F40 on Person { id }`;
    expect(quick(text, { person: { a: { id: '1', a: null, b: { a: { id: '2' } } } } })).toBe(
      '{"person":{"a":{"id":"1","a":null,"b":{"a":{"id":"2","a":null,"b":null},"b":null}},"b":null}}',
    );
  });
});

describe('odd data takes the exact way', () => {
  it('so does an operation of more fields than are kept compiled', () => {
    const keys = Array.from({ length: 10_001 }, (_, i) => `k${i}`);
    const text = `{ person { ${keys.map((key) => `${key}: id`).join(' ')} } }`;
    const data = { person: Object.fromEntries(keys.map((key) => [key, key])) };
    expect(quick(text, data)).toBeUndefined();
    expect(shaped(text, data)).toEqual({ json: JSON.stringify(data), faults: [] });
  });

  it('null where there must be a value goes up to where null may be, with one error', () => {
    const text = '{ person { id friend { name age } } animal { name } }';
    expect(quick(text, { person: { id: '1', friend: { age: 3 } } })).toBeUndefined();
    expect(shaped(text, { person: { id: '1', friend: { age: 3 } } })).toEqual({
      json: '{"person":{"id":"1","friend":null},"animal":null}',
      faults: ['person.friend.name: Cannot return null for non-nullable field Person.name.'],
    });
    expect(shaped('{ mustBe { id } }', {}).json).toBe('null');
    expect(shaped('{ mustBe { id } }', null).json).toBe('null');
  });

  it('a list with null where there must be a value, or what is no list', () => {
    expect(shaped('{ person { pets { name } id } }', { person: { id: '1', pets: [{ __typename: 'Cat', name: 'Tom' }, null] } })).toEqual({
      json: '{"person":{"pets":null,"id":"1"}}',
      faults: ['person.pets.1: Cannot return null for non-nullable field Person.pets.'],
    });
    for (const pets of ['x', {}, 5])
      expect(shaped('{ person { pets { name } } }', { person: { pets } }).faults[0]).toMatch(/^person\.pets: /);
    expect(shaped('{ person { grid } }', { person: { grid: [[1, null]] } }).json).toBe('{"person":{"grid":null}}');
  });

  it('a leaf, an object or an enum value that is none of its type', () => {
    for (const [field, value] of [
      ['age', 1.5],
      ['age', 2 ** 31],
      ['name', {}],
      ['id', ['1']],
      ['isAdult', 'yes'],
      ['friend { id }', 'Ann'],
      ['friend { length: id }', [1]],
      ['friend { id }', false],
    ] as const) {
      const key = field.split(' ')[0]!;
      const { json, faults } = shaped(`{ person { ${field} } }`, { person: { [key]: value } });
      expect([field, json, faults.length]).toEqual([
        field,
        key === 'name' || key === 'id' ? '{"person":null}' : `{"person":{"${key}":null}}`,
        1,
      ]);
    }
    expect(shaped('{ animal { mood } }', { animal: { __typename: 'Cat', mood: 'WILD' } }).faults).toHaveLength(1);
  });

  it('an object of which the type is not told, or is none that may stand there', () => {
    for (const __typename of [undefined, null, 'Person', 'Ghost', 'Animal', 'toString', 5])
      expect(shaped('{ animal { name } }', { animal: { __typename, name: 'Tom' } })).toMatchObject({
        json: '{"animal":null}',
        faults: [expect.any(String)],
      });
  });

  it('a variable of a condition that has no value is an error, and no value', () => {
    expect(shaped('query ($a: Boolean!) { person { id @skip(if: $a) } }', { person: { id: '1' } })).toMatchObject({
      json: 'null',
      faults: [expect.any(String)],
    });
  });

  it('what an error of a fetch has told is not told twice, and everything else is', () => {
    const shape = shapeOf('{ people { name } mustBe { name friend { name } } }');
    const data = { people: [{ name: 'Ann' }, {}], mustBe: { name: 'Bo', friend: {} } };
    const at = (path: (string | number)[] | undefined) => shape.shape(data, {}, [{ message: 'down', path }]);
    expect(at(['people', 1, 'name']).errors.map((e) => e.message)).toEqual(['down']);
    const whole = { ...data, people: [{ name: 'Ann' }] };
    const friend = (path: (string | number)[] | undefined) => shape.shape(whole, {}, [{ message: 'down', path }]).errors.length;
    expect([['mustBe', 'friend', 'name'], ['mustBe'], ['mustBe', 'friend', 'name', 0, 'x'], [], undefined].map(friend)).toEqual([
      1, 1, 1, 1, 1,
    ]);
    expect([['mustBe', 'friend', 'age'], ['mustBe', 'name'], ['people']].map(friend)).toEqual([2, 2, 2]);
  });
});

describe('names that mean something to JavaScript', () => {
  const text = '{ person { __proto__: id constructor: name toString: age valueOf: tags hasOwnProperty: friend { __proto__: id } } }';

  it('are keys like others', () => {
    const data = JSON.parse(
      '{"person":{"__proto__":"1","constructor":"Ann","toString":3,"valueOf":[],"hasOwnProperty":{"__proto__":"2"}}}',
    );
    expect(quick(text, data)).toBe(
      '{"person":{"__proto__":"1","constructor":"Ann","toString":3,"valueOf":[],"hasOwnProperty":{"__proto__":"2"}}}',
    );
    expect(({} as Record<string, unknown>).id).toBeUndefined();
  });

  it('are not found where the data does not have them', () => {
    expect(quick('{ person { toString: age valueOf: tags } }', { person: {} })).toBe('{"person":{"toString":null,"valueOf":null}}');
    expect(shaped('{ person { constructor: name } }', { person: {} }).json).toBe('{"person":null}');
  });

  it('set no prototype', () => {
    const data = JSON.parse('{"person":{"__proto__":{"polluted":true}}}');
    const person = shapeOf('{ person { __proto__: more } }').quickly(data, {})?.data?.person as Record<string, unknown>;
    expect([person.polluted, Object.keys(person)]).toEqual([undefined, ['__proto__']]);
  });
});

describe('rules of another layer', () => {
  /** Keys travel with `x` before them; ages and owners are refused, CROSS is not told, no dog may be met, and a being has to prove itself. */
  const rules: ShapeRules = {
    key: (responseKey) => `x${responseKey}`,
    refused: (node: FieldNode) => (node.name.value === 'age' || node.name.value === 'owner' ? `Refused.${node.name.value}` : undefined),
    enumValue: (_type, value) => value !== 'CROSS',
    type: (name) => name !== 'Dog',
    proof: (type) => (type.name === 'Animal' ? 'proof' : null),
  };
  const run = (text: string, data: Record<string, unknown>) => {
    const shape = shapeOf(text, rules);
    const { data: answer, faults, refused } = shape.shape(data, {}, []);
    return {
      quick: shape.quickly(data, {}) !== null,
      json: JSON.stringify(answer),
      faults: faults.length,
      refused: refused.map((r) => [r.coordinate, ...r.path]),
    };
  };

  it('null in the place of a refused field, told once, at the first place where it was met', () => {
    const pet = { __typename: 'Cat', proof: 1, xname: 'Tom', xowner: {} };
    const data = { xpeople: [{ xpets: [] }, { xage: 3, xpets: [pet, pet, null] }] };
    const text = '{ people { pets { name owner { id } } age } none: person { age } }';
    expect(run(text, { xpeople: [data.xpeople[0], { xpets: [pet, pet] }] })).toEqual({
      quick: true,
      json: '{"people":[{"pets":[],"age":null},{"pets":[{"name":"Tom","owner":null},{"name":"Tom","owner":null}],"age":null}],"none":null}',
      faults: 0,
      refused: [
        ['Refused.age', 'people', 0, 'age'],
        ['Refused.owner', 'people', 1, 'pets', 0, 'owner'],
      ],
    });
    // By the exact way, where a null goes up, the same are met.
    expect(run(text, data)).toMatchObject({
      quick: false,
      json: expect.stringContaining('"pets":null'),
      faults: 1,
      refused: [
        ['Refused.age', 'people', 0, 'age'],
        ['Refused.owner', 'people', 1, 'pets', 0, 'owner'],
      ],
    });
  });

  it('hidden values, hidden types and what is not proven to exist are null without a word', () => {
    const being = (__typename: string, more: object) => ({ __typename, xname: 'n', proof: 1, ...more });
    expect(
      run('{ a: animal { name mood } b: animal { name } c: animal { name } person { beings { __typename } } }', {
        xa: being('Cat', { xmood: 'CROSS' }),
        xb: being('Dog', {}),
        xc: being('Cat', { proof: null }),
        xperson: { xbeings: [being('Dog', {}), being('Cat', { proof: null })] },
      }),
    ).toEqual({
      quick: true,
      json: '{"a":{"name":"n","mood":null},"b":null,"c":null,"person":{"beings":[null,{"__typename":"Cat"}]}}',
      faults: 0,
      refused: [],
    });
  });

  it('a value that its enum does not have is a fault all the same', () => {
    expect(run('{ animal { mood } }', { xanimal: { __typename: 'Cat', proof: 1, xmood: 'WILD' } })).toMatchObject({
      quick: false,
      faults: 1,
    });
  });

  it('a refused field that must have a value has said so already', () => {
    const named: ShapeRules = { ...rules, refused: (node) => (node.name.value === 'name' ? 'Person.name' : undefined) };
    const answer = shapeOf('{ person { id name } }', named).shape({ xperson: { xid: '1' } }, {}, []);
    expect([answer.data, answer.errors, answer.refused.map((r) => r.path)]).toEqual([{ person: null }, [], [['person', 'name']]]);
  });
});

describe('an interface that a subgraph knows as an object', () => {
  const untyped = new Set(['Animal']);
  const shapedUntyped = (text: string, data: Record<string, unknown>) => {
    const shape = compileShape({ schema: SCHEMA, document: parse(text), untyped });
    const { data: answer, faults } = shape.shape(data, {}, []);
    return { json: JSON.stringify(answer), faults: faults.length, quick: shape.quickly(data, {}) !== null };
  };

  it('needs no type where the answer is the same for all types', () => {
    const data = { animal: { name: 'Tom', owner: { name: 'Ann' } } };
    const right = '{"animal":{"name":"Tom","owner":{"name":"Ann"}}}';
    expect(shapedUntyped('{ animal { name ... on Animal { owner { name } } } }', data)).toEqual({ json: right, faults: 0, quick: true });
    // The subgraph that knows it as an object calls it so.
    expect(shapedUntyped('{ animal { name } }', { animal: { __typename: 'Animal', name: 'Tom' } }).json).toBe('{"animal":{"name":"Tom"}}');
    // The same on the exact way, which something odd beside it makes necessary.
    expect(shapedUntyped('{ animal { name owner { name } } person { age } }', { ...data, person: { age: 'x' } })).toMatchObject({
      json: '{"animal":{"name":"Tom","owner":{"name":"Ann"}},"person":{"age":null}}',
      faults: 1,
    });
  });

  it('is null, and told of, where the answer depends on the type', () => {
    for (const text of ['{ animal { __typename } }', '{ animal { name ... on Cat { lives } } }']) {
      expect(shapedUntyped(text, { animal: { name: 'Tom', lives: 9 } })).toEqual({ json: '{"animal":null}', faults: 1, quick: false });
    }
  });
});
