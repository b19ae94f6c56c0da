import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { References } from '@commonweal/kit';
import { testCatalog } from '@commonweal/kit/testing.ts';
import {
  decide,
  HOP_HEADER,
  HOP_LIFETIME,
  type Hop,
  hopKey,
  PERSONAS,
  type Principal,
  personaPrincipal,
  queryHash,
  type SubgraphName,
  SYSTEM,
  signHop,
} from '@commonweal/schema';
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { raiseEpoch } from '../../../subgraphs/consent/src/policy/publish.ts';
import { startTestSystem, type TestSystem } from '../system.ts';

/** Attacks with tokens, and on the registries themselves, which listen here as in the services topology. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem(inject('adminUrl'), { households: 200, topology: 'services' });
}, 120_000);
beforeEach(() => {
  system.fetches.length = 0;
});
afterAll(() => system?.stop());

describe('a registry asked directly (47, 48)', () => {
  const QUERY = '{ persons(first: 1) { nodes { id name { surname } } } }';
  const post = async (name: SubgraphName, query: string, hop?: string, variables?: unknown) => {
    const response = await fetch(`${system.urls[name]}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(hop === undefined ? {} : { [HOP_HEADER]: hop }) },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, text: await response.text() };
  };
  async function hop(query: string, more: Partial<Hop> & { principal?: Principal; key?: Buffer } = {}): Promise<string> {
    const { key, ...rest } = more;
    const snapshot = (await system.registries.registrar.policies(null))!;
    const principal = rest.principal ?? personaPrincipal('case-worker');
    const audience = (rest.audience ?? 'persons') as SubgraphName;
    return signHop(key ?? hopKey(system.secret, audience), {
      audience,
      expires: Date.now() / 1000 + HOP_LIFETIME,
      id: randomUUID(),
      queryHash: queryHash(query),
      principal,
      epoch: snapshot.epoch,
      digest: decide(testCatalog(), snapshot, principal, new Date()).digest,
      requestId: 'attack',
      operation: 'query',
      ...rest,
    });
  }

  it('answers a valid hop, and refuses every other with 401 and the same words', async () => {
    const good = await hop(QUERY);
    expect((await post('persons', QUERY, good)).status).toBe(200);
    const bent = (change: (h: Hop) => Hop) => {
      const [body, mac] = good.split('.') as [string, string];
      return `${Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(body, 'base64url').toString())))).toString('base64url')}.${mac}`;
    };
    const attacks: Record<string, string | undefined> = {
      none: undefined,
      empty: '',
      replayed: good,
      'long over': await hop(QUERY, { expires: Date.now() / 1000 - 1 }),
      'valid for a year': await hop(QUERY, { expires: Date.now() / 1000 + 31_536_000 }),
      'valid for ever': await hop(QUERY, { expires: Number.POSITIVE_INFINITY }),
      'for another registry': await hop(QUERY, { audience: 'programs' }),
      'for another registry, signed for this one': await hop(QUERY, { audience: 'programs', key: hopKey(system.secret, 'persons') }),
      'for another text': await hop(`${QUERY} `),
      'with another principal': bent((h) => ({ ...h, principal: { ...h.principal, areas: ['KE'] } })),
      'signed with the wrong key': await hop(QUERY, { key: Buffer.alloc(32) }),
      'a bearer token': `Bearer ${await system.token('case-worker')}`,
      'a JWT': await system.token('case-worker'),
    };
    const answers = await Promise.all(Object.entries(attacks).map(async ([name, h]) => ({ name, ...(await post('persons', QUERY, h)) })));
    expect(answers.map(({ name, status }) => ({ name, status }))).toEqual(answers.map(({ name }) => ({ name, status: 401 })));
    expect(new Set(answers.map((a) => a.text)).size).toBe(1);
  });

  it('gives its schema to nobody, and keeps what is between registries for the gateway', async () => {
    for (const query of [
      '{ _service { sdl } }',
      '{ _entities(representations: [{ __typename: "Person", id: "x" }]) { __typename } }',
      '{ __schema { types { name } } }',
    ])
      expect((await post('persons', query)).status).toBe(401);
    for (const path of ['/', '/graphql', '/internal/events', '/internal/policies', '/metrics'])
      for (const method of ['GET', 'PUT', 'DELETE']) expect((await fetch(`${system.urls.consent}${path}`, { method })).status).toBe(404);
    for (const call of ['events', 'policies', 'audit', 'constructor', '__proto__']) {
      const body = JSON.stringify([
        { id: randomUUID(), type: 'person.moved', subject: randomUUID(), payload: { area: 'KE.47', household: null } },
      ]);
      const send = async (token?: string) =>
        (
          await fetch(`${system.urls.programs}/internal/${call}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...(token ? { [HOP_HEADER]: token } : {}) },
            body,
          })
        ).status;
      expect(await send()).toBe(401);
      expect(await send(await hop(body, { audience: 'persons', principal: SYSTEM }))).toBe(401);
      // A hop that a consumer's request has is none for the calls between processes, were its text ever to fit.
      expect(await send(await hop(body, { audience: 'programs' }))).toBe(401);
    }
  });

  it('reads nothing but the key of a representation, and loads it under the rows of the caller', async () => {
    const [near] = await system.database.owner('persons')`select person_id as id, surname from person where area_path <@ 'KE.23' limit 1`;
    const [far] = await system.database.owner('persons')`select person_id as id from person where area_path <@ 'KE.47' limit 1`;
    const refs = new References(system.secret, 'government');
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id name { surname } incomeLevel sex } ... on Household { id size } } }';
    const ask = async (representation: object, principal?: Principal) =>
      JSON.parse((await post('persons', query, await hop(query, principal ? { principal } : {}), { r: [representation] })).text);
    const forged = await ask({
      __typename: 'Person',
      id: refs.encode('per', near!.id as string),
      name: { surname: 'Forged' },
      surname: 'Forged',
      incomeLevel: 'FORGED',
      $key: far!.id,
      $person: far!.id,
    });
    expect(forged.data._entities[0]).toMatchObject({ id: refs.encode('per', near!.id as string), name: { surname: near!.surname } });
    expect(JSON.stringify(forged.data)).not.toContain('orged');
    for (const representation of [
      { __typename: 'Person', id: refs.encode('per', far!.id as string) },
      { __typename: 'Person', id: near!.id },
      { __typename: 'Person' },
      { __typename: 'Person', $key: near!.id, name: { surname: 'Forged' } },
      { __typename: 'Household', id: refs.encode('per', near!.id as string), size: 5 },
      { __typename: 'Payment', id: 'pay_x' },
      { __typename: 'Query' },
    ]) {
      const { data } = await ask(representation);
      expect({ representation, given: Object.values(data?._entities?.[0] ?? {}).filter((v) => v !== null) }).toEqual({
        representation,
        given: [],
      });
    }
    // What the gateway never asks for: the field is refused where it lives, too.
    const wide = await ask({ __typename: 'Person', id: refs.encode('per', near!.id as string) }, personaPrincipal('field-worker'));
    expect(wide.data?._entities?.[0]?.incomeLevel ?? null).toBeNull();
    expect(wide.errors[0].extensions.code).toBe('FORBIDDEN_FIELD');
  });

  it('does not write for a hop that is for reading', async () => {
    const count = async () => (await system.database.owner('persons')`select count(*)::int as n from person`)[0]!.n;
    const before = await count();
    const mutation =
      'mutation { registerPerson(key: "12345678", input: { name: { surname: "A", given: "B" }, sex: MALE, birthDate: "1990-01-01", area: "KE.23" }) { receipt { number } } }';
    expect((await post('persons', mutation, await hop(mutation))).text).toContain('FORBIDDEN_ACTION');
    expect(await count()).toBe(before);
  });
});

describe('a token at the front (50, 51, 53, 58)', () => {
  const PROBE = '{ persons(first: 1) { nodes { id name { full } } } }';
  const send = async (token: string | null, headers: Record<string, string> = {}, query = PROBE) => {
    const response = await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: token }), ...headers },
      body: JSON.stringify({ query }),
    });
    return {
      status: response.status,
      headers: response.headers,
      ...((await response.json()) as {
        data?: { persons?: { nodes: unknown[] } };
        errors?: { message: string; extensions: { code: string } }[];
      }),
    };
  };
  const worker = PERSONAS['case-worker']!;
  const claims = (more: JWTPayload = {}): JWTPayload => {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: 'urn:commonweal:dev-issuer',
      aud: 'commonweal',
      sub: worker.user,
      iat: now,
      exp: now + 600,
      consumer: worker.consumer,
      purposes: [...worker.purposes],
      scope: worker.scopes.join(' '),
      areas: [...worker.areas!],
      ...more,
    };
  };
  const privateKey = () => JSON.parse(readFileSync(system.data.issuerKey, 'utf8'));
  const sign = async (payload: JWTPayload, header: Record<string, unknown> = {}) =>
    `Bearer ${await new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: privateKey().kid, ...header }).sign(await importJWK(privateKey(), 'ES256'))}`;
  const b64 = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

  it('is believed when it is good', async () => {
    expect((await send(await sign(claims()))).data?.persons?.nodes).toHaveLength(1);
  });

  it('is refused when it is forged, old, early or for others: with 401, and nobody becomes anonymous', async () => {
    const now = Math.floor(Date.now() / 1000);
    const hmac = (header: object, secret: string) => {
      const text = `${b64(header)}.${b64(claims())}`;
      return `Bearer ${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const jwks = readFileSync(system.data.jwks, 'utf8');
    const good = (await sign(claims())).slice(7);
    const [header, , signature] = good.split('.') as [string, string, string];
    const without = (name: string) => Object.fromEntries(Object.entries(claims()).filter(([k]) => k !== name));
    const attacks: Record<string, string> = {
      'alg none': `Bearer ${b64({ alg: 'none' })}.${b64(claims())}.`,
      'alg NONE with a signature': `Bearer ${b64({ alg: 'NONE', kid: privateKey().kid })}.${b64(claims())}.${signature}`,
      'HS256 with the public keys': hmac({ alg: 'HS256', kid: privateKey().kid }, jwks),
      'HS256 with the x coordinate': hmac({ alg: 'HS256', kid: privateKey().kid }, JSON.parse(jwks).keys[0].x),
      'other claims under a good signature': `Bearer ${header}.${b64(claims({ areas: ['KE'] }))}.${signature}`,
      'a key of its own in the header': await sign(claims(), { jwk: JSON.parse(jwks).keys[0], kid: 'other' }),
      'a path as key': await sign(claims(), { kid: '../../../../etc/passwd' }),
      'a statement as key': await sign(claims(), { kid: "' or 1=1 --" }),
      'a critical extension': await sign(claims(), { crit: ['x'], x: 1 }).catch(
        () => `Bearer ${b64({ alg: 'ES256', crit: ['x'], x: 1 })}.${b64(claims())}.${signature}`,
      ),
      'another audience': await sign(claims({ aud: 'commonweal-admin' })),
      'no audience': await sign(without('aud')),
      'another issuer': await sign(claims({ iss: 'urn:commonweal:dev-issuer/' })),
      expired: await sign(claims({ exp: now - 60 })),
      'never expiring': await sign(without('exp')),
      'not yet valid': await sign(claims({ nbf: now + 600 })),
      'areas as text': await sign(claims({ areas: 'KE' })),
      'areas null': await sign(claims({ areas: null })),
      'person as list': await sign(claims({ person: [system.demo.demoBeneficiary] })),
      'no consumer': await sign(without('consumer')),
      'the reserved consumer': await sign(claims({ consumer: 'commonweal' })),
      'no token': 'Bearer ',
      'two tokens': `Bearer ${good} ${good}`,
      'another scheme': `Basic ${good}`,
      'a token in quotes': `Bearer "${good}"`,
    };
    const answers = await Promise.all(Object.entries(attacks).map(async ([name, token]) => ({ name, ...(await send(token)) })));
    expect(answers.map(({ name, status, data, errors }) => ({ name, status, data, code: errors?.[0]?.extensions.code }))).toEqual(
      answers.map(({ name }) => ({ name, status: 401, data: undefined, code: 'UNAUTHENTICATED' })),
    );
    expect(new Set(answers.map((a) => a.errors?.[0]?.message)).size).toBe(1);
    for (const a of answers) expect(a.headers.get('cache-control')).toBe('no-store');
  });

  it('names its consumer, uses and purpose to the letter', async () => {
    const nothing: JWTPayload[] = [
      { consumer: 'County-Services' },
      { consumer: 'county-services ' },
      { consumer: 'county\u2010services' },
      { consumer: 'ｃounty-services' },
      { consumer: 'county-services\u200b' },
      { consumer: '__proto__' },
      { consumer: 'constructor' },
      { consumer: 'county' },
      { purposes: ['case_management'] },
      { purposes: ['CASE_MANAGEMENT '] },
      { purposes: ['CASE'] },
      { purposes: ['CASE_MANAGEMENT.'] },
      { purposes: ['CASE_MANAGEMENT.X'] },
      { purposes: [] },
      { purposes: ['PAYMENT_DELIVERY'] },
      { scope: 'reading' },
      { scope: 'READ' },
      { scope: 'read:person' },
      { scope: '' },
      { scope: 'read\tfilter' },
      { scope: 'rea d' },
      { areas: [] },
      { areas: [','] },
      { areas: ['%'] },
      { areas: ['KE.2'] },
      { areas: ['ke.23'] },
      { areas: ['KE.23*'] },
      { areas: ['*'] },
    ];
    for (const more of nothing) {
      const { data, status } = await send(await sign(claims(more)));
      expect({
        more,
        rows: data?.persons?.nodes ?? [],
        refused: status >= 400 || !data || data.persons === null || data.persons?.nodes.length === 0,
      }).toEqual({ more, rows: [], refused: true });
    }
    // A consumer that must be confined and is not is given nothing, and nobody gains by claiming more than the policy.
    const unconfined = claims();
    delete unconfined.areas;
    expect((await send(await sign(unconfined))).status).toBe(403);
    expect((await send(await sign(claims({ consumer: 'bank', purposes: ['CASE_MANAGEMENT'] })))).status).toBe(403);
    expect((await send(await sign(claims({ consumer: ['county-services', 'operations'] as never })))).status).toBe(401);
    expect(
      (await send(await sign(claims({ roles: ['system_admin'], kind: 'auditor', 'https://x/consumer': 'operations' })))).data?.persons
        ?.nodes,
    ).toHaveLength(1);
  });

  it('states one purpose, in one place (93)', async () => {
    const two = await sign(claims({ consumer: 'bank', purposes: ['PAYMENT_DELIVERY', 'SERVICE_VERIFICATION'], areas: undefined }));
    const code = async (headers: Record<string, string>) =>
      (await send(two, headers, '{ payments(first: 1) { nodes { id } } }')).errors?.[0]?.extensions.code ?? null;
    expect(await code({})).toBe('PURPOSE_REQUIRED');
    expect(await code({ 'x-purpose': 'PAYMENT_DELIVERY' })).toBeNull();
    expect(await code({ 'x-purpose': 'SERVICE_VERIFICATION' })).toBe('GRAPHQL_VALIDATION_FAILED');
    for (const purpose of [
      'PAYMENT_DELIVERY, SERVICE_VERIFICATION',
      'payment_delivery',
      'CASE_MANAGEMENT',
      'PUBLIC_INFORMATION',
      '__proto__',
      '*',
      '',
    ])
      expect(await code({ 'x-purpose': purpose })).toBe('PURPOSE_NOT_ALLOWED');
    // A purpose elsewhere is no purpose.
    expect(await code({ 'x-commonweal-purpose': 'PAYMENT_DELIVERY', purpose: 'PAYMENT_DELIVERY' })).toBe('PURPOSE_REQUIRED');
  });

  it('is all that is believed: headers of ours and of Apollo say nothing (52)', async () => {
    const forged = await hopLike();
    const answer = await send(await sign(claims()), {
      [HOP_HEADER]: forged,
      'x-commonweal-principal': '{"areas":["KE"]}',
      'x-commonweal-epoch': '0',
      'apollo-federation-include-trace': 'ftv1',
      'apollo-query-plan-experimental': '1',
      'apollo-expose-query-plan': 'true',
      'x-forwarded-for': '127.0.0.1',
      'x-http-method-override': 'GET',
    });
    expect(Object.keys(answer).sort()).toEqual(['data', 'headers', 'status']);
    expect(answer.data?.persons?.nodes).toHaveLength(1);
  });
  const hopLike = async () =>
    signHop(hopKey(system.secret, 'persons'), {
      audience: 'persons',
      expires: Date.now() / 1000 + 20,
      id: randomUUID(),
      queryHash: queryHash(PROBE),
      principal: personaPrincipal('auditor'),
      epoch: 1,
      digest: '',
      requestId: 'x',
      operation: 'query',
    });
});

describe('two policies of one consumer (54)', () => {
  it('are never put together: not a field of one in the rows of the other, nor a condition', async () => {
    const sql = system.database.owner('consent');
    const model = (await sql`select * from sharing_policy where consumer_id = 'county-services'`)[0]!;
    const add = (areas: string[], grants: object) =>
      sql`insert into sharing_policy ${sql({ ...model, policy_id: randomUUID(), areas, grants, actions: [], consent_classes: [] } as never)}`;
    await sql`update sharing_policy set status = 'RETIRED' where policy_id = ${model.policy_id}`.catch(
      () => sql`update sharing_policy set valid_until = now() where policy_id = ${model.policy_id}`,
    );
    await add(['KE.23'], { OPEN: ['READ'], REFERENCE: ['READ'], CONTACT: ['READ'], DEMOGRAPHIC: ['READ', 'FILTER'] });
    await add(['KE.47'], { OPEN: ['READ'], REFERENCE: ['READ'], NAME: ['READ', 'FILTER'], AREA: ['READ'] });
    await raiseEpoch(sql, 'two policies');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const both = { ...worker(), areas: ['KE'] };
    const ask = async (query: string) => {
      const response = await fetch(`${system.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await signed(both)}` },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as {
        data: { persons: { nodes: { name: { full: string } | null; phones: string[] | null; sex: string | null; area: object | null }[] } };
      };
    };
    const { nodes } = (await ask('{ persons(first: 100) { nodes { name { full } phones sex area { code } } } }')).data.persons;
    expect(nodes.length).toBeGreaterThan(5);
    for (const n of nodes) expect([n.name !== null && n.phones !== null, n.area !== null && n.sex !== null]).toEqual([false, false]);
    expect([nodes.some((n) => n.name), nodes.some((n) => n.phones)]).toEqual([true, true]);
    const filtered = (
      await ask(
        '{ persons(first: 100, filter: { sex: [MALE, FEMALE, OTHER, UNKNOWN] }) { nodes { name { full } phones sex area { code } } } }',
      )
    ).data.persons.nodes;
    expect(filtered.length).toBe(nodes.filter((n) => n.sex !== null).length);
    for (const n of filtered) expect(n.name).toBeNull();
  });
  const worker = () => PERSONAS['case-worker']!;
  const signed = async (persona: (typeof PERSONAS)[string]) => {
    const { signDevToken } = await import('../../../scripts/dev-issuer.ts');
    return signDevToken(system.data, { ...persona!, person: undefined } as never);
  };
});
