import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditRecord, documentIdOf, ERROR_CODES, type OperationsMode, type Principal, referenceSnapshot } from '@commonweal/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../access/limits.ts';
import { ANALYST, BANK, CASE_WORKER, CLINIC, SNAPSHOT } from '../graph.fake/consumers.ts';
import { type FakeGateway, startFakeGateway } from '../graph.fake/gateway.ts';
import { QUESTIONS, type Question } from '../graph.fake/questions.ts';
import { startSystem } from '../graph.fake/system.ts';

const SEX = 'query Sex($id: ID!) { person(id: $id) { sex household { id } } }';
const REGISTER = 'mutation Register { registerPerson(input: { idempotencyKey: "k" }) { __typename } }';

interface Told {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}
const told = async (answer: Response) => ({ status: answer.status, ...((await answer.json()) as Told) });
const codeOf = async (answer: Response) => {
  const { status, errors } = await told(answer);
  return `${status} ${errors?.[0]?.extensions.code}`;
};

let gateway: FakeGateway;
let epoch = 1;
/** Registers texts for a caller, in the place of all that were. */
async function register(principal: Principal, ...texts: string[]): Promise<string[]> {
  const { consumer, purpose } = principal;
  const operations = texts.map((text) => ({ id: documentIdOf(text), consumer, purpose, name: 'x', text }));
  gateway.registered = { epoch: ++epoch, operations };
  await gateway.heard();
  return operations.map((o) => o.id);
}
/** Publishes what a consumer may run. */
async function allow(consumer: string, operations: OperationsMode): Promise<void> {
  const known = gateway.policies.consumers[consumer]!;
  gateway.policies = {
    ...gateway.policies,
    epoch: gateway.policies.epoch + 1,
    consumers: { ...gateway.policies.consumers, [consumer]: { ...known, operations } },
  };
  await gateway.heard();
}

describe('an operation that is registered', () => {
  beforeAll(async () => {
    gateway = await startFakeGateway();
  });
  afterAll(() => gateway?.stop());
  beforeEach(() => {
    gateway.records.length = 0;
  });

  it('is run by its id, with variables and name, and is on record under its hash and name', async () => {
    const [documentId] = await register(CASE_WORKER, SEX);
    const answer = await gateway.post(CASE_WORKER, { documentId, variables: { id: 'person-1' }, operationName: 'Sex' });
    expect(await told(answer)).toEqual({ status: 200, data: { person: { sex: 'UNKNOWN', household: { id: 'household-1' } } } });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(gateway.records).toMatchObject([
      {
        operationName: 'Sex',
        operationHash: Buffer.from(documentId!.slice(7), 'hex').toString('base64url'),
        consumer: 'district',
        outcome: 'OK',
      },
    ]);
  });

  it('is answered in the type that the client prefers, and not at all in another', async () => {
    const [documentId] = await register(CASE_WORKER, SEX);
    const body = { documentId, variables: { id: 'person-1' } };
    const type = async (accept: string) => (await gateway.post(CASE_WORKER, body, { accept })).headers.get('content-type');
    expect(await type('application/graphql-response+json, application/json;q=0.5')).toBe(
      'application/graphql-response+json; charset=utf-8',
    );
    gateway.seen.length = 0;
    expect(await codeOf(await gateway.post(CASE_WORKER, body, { accept: 'text/html' }))).toBe('406 BAD_USER_INPUT');
    expect(gateway.seen).toEqual([]);
  });

  it('is another’s for all others: nobody can tell an id that is not theirs from one that never was', async () => {
    const [documentId] = await register(CASE_WORKER, SEX);
    const never = documentIdOf('{ never }');
    const answers = [
      await gateway.post(BANK, { documentId }),
      await gateway.post({ ...CLINIC, purpose: 'HEALTH_SERVICE' }, { documentId }),
      await gateway.post(CASE_WORKER, { documentId: never }),
      await gateway.post(CASE_WORKER, { documentId: documentId!.toUpperCase() }),
      await gateway.post(CASE_WORKER, { documentId: documentId!.slice(7) }),
      await gateway.post(CASE_WORKER, { documentId: '../../etc/passwd' }),
    ];
    const texts = await Promise.all(answers.map((a) => a.text()));
    expect(answers.map((a) => a.status)).toEqual(answers.map(() => 404));
    expect(new Set(texts)).toEqual(
      new Set([
        '{"errors":[{"message":"There is no operation under this documentId for this consumer and purpose.","extensions":{"code":"PERSISTED_DOCUMENT_NOT_FOUND"}}]}\n',
      ]),
    );
    expect(gateway.records.map((r) => [r.consumer, r.outcome])).toEqual([
      ['bank', 'REFUSED'],
      ['clinic', 'REFUSED'],
      ['district', 'REFUSED'],
      ['district', 'REFUSED'],
      ['district', 'REFUSED'],
      ['district', 'REFUSED'],
    ]);
  });

  it('for a purpose covers the purposes below it, and never the one above', async () => {
    const text = '{ programs(first: 1) { nodes { code } } }';
    const above = { ...ANALYST, purpose: 'RESEARCH' };
    const below = { ...ANALYST, purpose: 'RESEARCH.HEALTH' };
    const [documentId] = await register(above, text);
    expect((await gateway.post(below, { documentId })).status).toBe(200);
    await register(below, text);
    expect((await gateway.post(above, { documentId })).status).toBe(404);
  });

  it('stops within a second when it is retired', async () => {
    const [documentId] = await register(CASE_WORKER, SEX);
    const ask = () => gateway.post(CASE_WORKER, { documentId, variables: { id: 'person-1' } });
    expect((await ask()).status).toBe(200);
    gateway.registered = { epoch: ++epoch, operations: [] };
    await gateway.heard();
    expect(await codeOf(await ask())).toBe('404 PERSISTED_DOCUMENT_NOT_FOUND');
    // How often the gateway asks; a busy machine may be later.
    expect(DEFAULT_LIMITS.policyPollMs).toBeLessThanOrEqual(500);
  });

  it('is not run while the gateway cannot hear whether it was retired', async () => {
    const system = await startSystem({ limits: { policyPollMs: 10, policyStaleMs: 60 } });
    const documentId = documentIdOf(SEX);
    const { consumer, purpose } = CASE_WORKER;
    system.registered = { epoch: 2, operations: [{ id: documentId, consumer, purpose, name: 'x', text: SEX }] };
    const { registered } = system.graph;
    while ((await registered.textOf(CASE_WORKER, documentId)) === null) await sleep(10);
    system.policies = 'unreachable';
    await sleep(150);
    const who = { principal: CASE_WORKER, requestId: 'r', signal: undefined, accept: undefined };
    const answer = await registered.answer(documentId, { ...who, operationName: undefined, variables: { id: 'person-1' } });
    expect([answer.status, JSON.parse(answer.body).errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
    // Nor by GET.
    expect(await registered.textOf(CASE_WORKER, documentId)).toBeNull();
    await system.stop();
  });

  it('that no version of the gateway can read is not there, and hides no other', async () => {
    const [broken, whole] = await register(CASE_WORKER, '{', SEX);
    expect(await codeOf(await gateway.post(CASE_WORKER, { documentId: broken }))).toBe('404 PERSISTED_DOCUMENT_NOT_FOUND');
    expect((await gateway.post(CASE_WORKER, { documentId: whole, variables: { id: 'person-1' } })).status).toBe(200);
  });

  it('is asked for by GET as well, but for one that writes, and not by a page of another site', async () => {
    const [read, write] = await register(CASE_WORKER, SEX, REGISTER);
    const authorization = `Bearer ${await gateway.token(CASE_WORKER)}`;
    const get = (id: string | undefined, headers: Record<string, string> = { 'apollo-require-preflight': '1' }) =>
      fetch(`${gateway.url}/graphql?documentId=${id}&variables=${encodeURIComponent('{"id":"person-1"}')}`, {
        headers: { authorization, ...headers },
      });
    expect((await told(await get(read))).data).toEqual({ person: { sex: 'UNKNOWN', household: { id: 'household-1' } } });
    expect((await get(write)).status).toBe(405);
    expect((await get(read, {})).status).toBe(400);
    expect(await codeOf(await get(documentIdOf('{ never }')))).toBe('404 PERSISTED_DOCUMENT_NOT_FOUND');
  });

  it('is checked like any other: name, variables, rights', async () => {
    const [documentId] = await register(CASE_WORKER, SEX);
    const ask = (more: object) => gateway.post(CASE_WORKER, { documentId, ...more });
    expect(await codeOf(await ask({ variables: { id: 'person-1' }, operationName: 'Other' }))).toBe('400 OPERATION_RESOLUTION_FAILURE');
    expect(await codeOf(await ask({ variables: { id: null } }))).toBe('400 BAD_USER_INPUT');
    expect(await codeOf(await ask({ variables: [] }))).toBe('400 BAD_USER_INPUT');
    expect(await codeOf(await ask({ query: SEX, variables: { id: 'person-1' } }))).toBe('400 BAD_USER_INPUT');
    expect(await codeOf(await gateway.post(CASE_WORKER, { documentId: 1 }))).toBe('400 BAD_USER_INPUT');
    const [hidden] = await register(BANK, '{ person(id: "person-1") { birthDate } }');
    expect(await codeOf(await gateway.post(BANK, { documentId: hidden }))).toBe('400 GRAPHQL_VALIDATION_FAILED');
  });
});

describe('a consumer that runs registered operations only', () => {
  beforeAll(async () => {
    gateway = await startFakeGateway({ policies: SNAPSHOT });
    await allow('district', 'REGISTERED');
  });
  afterAll(() => gateway?.stop());

  it('is refused a text, even that of an operation which it has registered, and that is on record', async () => {
    const [documentId] = await register(CASE_WORKER, SEX);
    gateway.records.length = 0;
    gateway.seen.length = 0;
    expect(await told(await gateway.post(CASE_WORKER, { query: SEX, variables: { id: 'person-1' } }))).toEqual({
      status: 403,
      errors: [
        {
          message: 'This consumer runs registered operations only. Send the documentId of one instead of a query.',
          extensions: { code: 'PERSISTED_DOCUMENT_REQUIRED' },
        },
      ],
    });
    expect(gateway.seen).toEqual([]);
    expect(gateway.records).toMatchObject([
      { consumer: 'district', outcome: 'REFUSED', operationHash: Buffer.from(documentId!.slice(7), 'hex').toString('base64url') },
    ]);
    expect((await gateway.post(CASE_WORKER, { documentId, variables: { id: 'person-1' } })).status).toBe(200);
  });

  it('is refused one by GET, one that is no GraphQL, and questions about the schema', async () => {
    const headers = { authorization: `Bearer ${await gateway.token(CASE_WORKER)}`, 'apollo-require-preflight': '1' };
    expect(await codeOf(await fetch(`${gateway.url}/graphql?query={__typename}`, { headers }))).toBe('403 PERSISTED_DOCUMENT_REQUIRED');
    for (const query of ['{', '{ __schema { types { name } } }', '{ __typename }'])
      expect(await codeOf(await gateway.post(CASE_WORKER, { query }))).toBe('403 PERSISTED_DOCUMENT_REQUIRED');
  });

  it('others do not notice; and it may write its own again when its row says so', async () => {
    expect((await gateway.post(BANK, { query: '{ __typename }' })).status).toBe(200);
    await allow('district', 'ANY');
    expect((await gateway.post(CASE_WORKER, { query: SEX, variables: { id: 'person-1' } })).status).toBe(200);
    await allow('district', undefined as never);
    expect((await gateway.post(CASE_WORKER, { query: SEX, variables: { id: 'person-1' } })).status).toBe(403);
  });
});

describe('as a text and as a registered operation', () => {
  beforeAll(async () => {
    gateway = await startFakeGateway({
      policies: referenceSnapshot({ programs: { OPCT: 'p1', HSNP: 'p2' }, providers: { HIGHLAND: 'p3' } }),
    });
    const operations = QUESTIONS.map(({ name, text, principal: { consumer, purpose } }) => ({
      id: documentIdOf(text),
      consumer,
      purpose,
      name,
      text,
    }));
    gateway.registered = { epoch: 2, operations };
    await gateway.heard();
  });
  afterAll(() => gateway?.stop());

  const sameButForIdAndTime = (record: AuditRecord) => ({ ...record, id: '', at: '' });

  async function bothWays({ text, variables, principal }: Question, more: object = {}, accept = 'application/json') {
    const ask = async (operation: object) => {
      gateway.records.length = 0;
      gateway.seen.length = 0;
      const answer = await gateway.post(principal, { ...operation, variables, ...more }, { accept, 'x-request-id': 'same' });
      const { status, headers } = answer;
      return {
        status,
        type: headers.get('content-type'),
        body: await answer.text(),
        records: gateway.records.map(sameButForIdAndTime),
        fetches: gateway.seen.map(({ subgraph, query, variables: sent }) => ({ subgraph, query, variables: sent })),
      };
    };
    return { asText: await ask({ query: text }), byId: await ask({ documentId: documentIdOf(text) }) };
  }

  it.each(QUESTIONS)('$name has the same bytes, fetches and record', async (question) => {
    const { asText, byId } = await bothWays(question);
    expect(byId).toEqual(asText);
    expect([byId.status, byId.records.length]).toEqual([200, 1]);
    expect(byId.fetches.length).toBeGreaterThan(0);
  });

  it.each(['application/json', 'application/graphql-response+json', '*/*'])('so has a refusal, where %s is accepted', async (accept) => {
    const question = QUESTIONS.find((q) => q.name === 'verify-beneficiary')!;
    for (const more of [{ variables: {} }, { variables: { identifier: 1, program: 'x' } }, { operationName: 'Other' }]) {
      const { asText, byId } = await bothWays(question, more, accept);
      expect(byId).toEqual(asText);
      expect(JSON.parse(byId.body).errors[0].extensions.code in ERROR_CODES).toBe(true);
    }
  });

  it.each(['persons', 'programs'])('so has an answer with an error of %s', async (failing) => {
    gateway.intercept = (name) => {
      if (name === failing) throw new Error('canary');
      return null;
    };
    for (const question of QUESTIONS) {
      const { asText, byId } = await bothWays(question);
      expect(byId).toEqual(asText);
    }
    gateway.intercept = null;
  });
});
