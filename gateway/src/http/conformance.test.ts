import { type AuditResult, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BANK, CASE_WORKER, STRANGER } from '../graph.fake/consumers.ts';
import { type FakeGateway, startFakeGateway } from '../graph.fake/gateway.ts';

/** The audits of `graphql-http`, whose authors maintain the GraphQL-over-HTTP specification, against the whole gateway. */
let gateway: FakeGateway;
beforeAll(async () => {
  gateway = await startFakeGateway();
});
afterAll(() => gateway?.stop());

describe.each([
  ['a consumer that hears what it may not see', CASE_WORKER],
  ['a consumer for which that does not exist', BANK],
  ['a caller without a token', STRANGER],
])('GraphQL over HTTP, for %s', (_, principal) => {
  let results: AuditResult[];
  beforeAll(async () => {
    const who: Record<string, string> = principal === STRANGER ? {} : { authorization: `Bearer ${await gateway.token(principal)}` };
    const fetchFn = (url: string, init: { readonly headers?: Readonly<Record<string, string>> } = {}) =>
      fetch(url, { ...init, headers: { ...init.headers, ...who } });
    results = await Promise.all(serverAudits({ url: `${gateway.url}/graphql`, fetchFn }).map((audit) => audit.fn()));
  });
  const named = (status: AuditResult['status']) => results.filter((r) => r.status === status).map((r) => `${r.id} ${r.name}`);

  test('all that a server must and should do is done', () => {
    expect(results.length).toBe(61);
    expect([named('error'), named('warn')]).toEqual([[], []]);
  });

  test('of what it may do, one thing is left out: a GET without a header that a page of another site cannot send', () => {
    expect(named('notice')).toEqual([
      '5A70 MAY accept application/x-www-form-urlencoded formatted GET requests',
      'D6D5 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
      '6A70 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
    ]);
  });
});
