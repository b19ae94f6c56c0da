import { buildSchema, type GraphQLSchema, graphql } from 'graphql';
import { expect, it } from 'vitest';
import { settled, settleEntities } from './settled.ts';

it('what failed of a list stands as its error in its own place, whatever was thrown', async () => {
  const late = new Promise((resolve) => setTimeout(resolve, 5, 'late'));
  const all = await settled([late, Promise.reject(new RangeError('one')), 2, Promise.reject('other'), null]);
  expect(all).toEqual(['late', new RangeError('one'), 2, new Error('other'), null]);
  expect(all[1]).toBeInstanceOf(RangeError);
});

it('the entities of a registry come each in its place, with an error for each that failed', async () => {
  const schema: GraphQLSchema = buildSchema('type Query { _entities: [String] }');
  const field = schema.getQueryType()!.getFields()._entities!;
  field.resolve = () => [Promise.reject(new Error('one')), Promise.resolve('two'), Promise.reject(new Error('three'))];
  const before = field.resolve;
  expect(settleEntities(schema)).toBe(schema);
  expect(field.resolve).not.toBe(before);
  const { data, errors } = await graphql({ schema, source: '{ _entities }' });
  expect({ ...data }).toEqual({ _entities: [null, 'two', null] });
  expect(errors?.map((e) => [e.message, e.path])).toEqual([
    ['one', ['_entities', 0]],
    ['three', ['_entities', 2]],
  ]);
});
