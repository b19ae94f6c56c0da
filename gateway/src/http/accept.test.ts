import { ApolloServer, HeaderMap } from '@apollo/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentTypeFor } from './accept.ts';

/** Headers `accept` as clients, browsers and tricksters send them. */
const HEADERS = [
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json, application/json',
  'application/json, application/graphql-response+json',
  'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
  'application/graphql-response+json;q=0.9, application/json;q=0.1',
  'application/json;q=0.9, application/graphql-response+json',
  'application/json;q=0, */*',
  'application/graphql-response+json, application/json;q=0.9, */*;q=0.1',
  '*/*',
  'application/*',
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'text/html',
  'APPLICATION/JSON',
  'application/jsonx',
  'image/*, text/*',
];

describe('the content type of an answer', () => {
  let apollo: ApolloServer;
  beforeAll(async () => {
    apollo = new ApolloServer({ typeDefs: 'type Query { a: Int }', stopOnTerminationSignals: false });
    await apollo.start();
  });
  afterAll(() => apollo.stop());

  test.each(HEADERS)('for "%s" is the one that Apollo Server chooses', async (accept) => {
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: new HeaderMap([
          ['content-type', 'application/json'],
          ['accept', accept],
        ]),
        search: '',
        body: { query: '{ a }' },
      },
      context: async () => ({}),
    });
    const chosen = answer.status === 406 ? null : answer.headers.get('content-type');
    // The second time it is remembered.
    expect([contentTypeFor(accept), contentTypeFor(accept)]).toEqual([chosen, chosen]);
  });

  test('without the header is JSON', () => {
    expect(contentTypeFor(undefined)).toBe('application/json; charset=utf-8');
  });
});
