import { createHmac, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEV_KEY_PREFIX } from '../config.ts';
import { authenticate } from './authenticate.ts';
import { AUDIENCE, goodClaims, type TestIssuer, testIssuer } from './authn.examples.ts';
import { openKeys } from './keys.ts';
import { createTokenVerifier, TokenRefused, type TokenVerifier } from './token.ts';

let issuer: TestIssuer;
let verifier: TokenVerifier;
beforeAll(async () => {
  issuer = await testIssuer();
  const config = issuer.config();
  verifier = createTokenVerifier(config.oidc, openKeys(config));
});
afterAll(() => issuer.remove());

const b64 = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const bearer = (token: string) => ['authorization', `Bearer ${token}`];
const now = () => Math.floor(Date.now() / 1000);

/** What the front door answers: the fault, or the principal. */
async function enter(token: string, headers: string[] = []) {
  try {
    return await authenticate(verifier, [...bearer(token), ...headers]);
  } catch (error) {
    return error instanceof TokenRefused ? error.fault : (error as Error).message;
  }
}

describe('a token that is not what it claims is refused', () => {
  test('a good one is admitted, so that the refusals below mean something', async () => {
    expect(await enter(await issuer.sign(goodClaims()))).toEqual({
      consumer: 'river-bank',
      user: 'user-1',
      purpose: 'PAYMENT_DELIVERY',
      scopes: ['read', 'filter'],
      person: null,
      areas: null,
      programs: null,
    });
  });

  test.each(['none', 'None', 'NONE', 'nOnE'])('algorithm %s, without and with a signature', async (alg) => {
    const unsigned = `${b64({ alg, typ: 'JWT' })}.${b64(goodClaims())}`;
    expect(await enter(`${unsigned}.`)).toMatch(/ALGORITHM|MALFORMED/);
    expect(await enter(`${unsigned}.${b64('signature')}`)).toMatch(/ALGORITHM|MALFORMED/);
  });

  test.each(['HS256', 'HS384', 'HS512'])('%s signed with the public key, as PEM and as JWKS text', async (alg) => {
    const text = `${b64({ alg, kid: 'key-1' })}.${b64(goodClaims())}`;
    for (const secret of [issuer.publicPem, readFileSync(issuer.jwksFile, 'utf8')]) {
      const signature = createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url');
      expect(await enter(`${text}.${signature}`)).toBe('ALGORITHM');
    }
  });

  test('an algorithm that exists but was not allowed', async () => {
    const config = issuer.config({ COMMONWEAL_OIDC_ALGORITHMS: 'EdDSA,RS256' });
    const strict = createTokenVerifier(config.oidc, openKeys(config));
    await expect(strict.verify(await issuer.sign(goodClaims()))).rejects.toMatchObject({ fault: 'ALGORITHM' });
  });

  test('another audience, a longer one, a part of ours, none, a list without ours; a list with ours is good', async () => {
    for (const aud of [
      'https://other.example',
      `${AUDIENCE}.evil`,
      AUDIENCE.slice(0, -1),
      `${AUDIENCE}/`,
      AUDIENCE.toUpperCase(),
      '',
      ['a', 'b'],
      undefined,
    ])
      expect(await enter(await issuer.sign(goodClaims({ aud })))).toBe('CLAIM');
    expect(await enter(await issuer.sign(goodClaims({ aud: ['a', AUDIENCE] })))).toMatchObject({ consumer: 'river-bank' });
  });

  test('another issuer, none', async () => {
    for (const iss of ['https://issuer.example/', 'https://evil.example', undefined])
      expect(await enter(await issuer.sign(goodClaims({ iss })))).toBe('CLAIM');
  });

  test('a kid that is a path, an injection, of another key; a key that the token brings along', async () => {
    for (const kid of ['../../../../etc/passwd', '/dev/null', 'key-1\0', "' or 1=1 --", 'KEY-1', '__proto__', 'constructor'])
      expect(await enter(await issuer.sign(goodClaims(), { kid }))).toBe('KEY');
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = own.publicKey.export({ format: 'jwk' });
    const forged = (header: Record<string, unknown>) =>
      new SignJWT(goodClaims()).setProtectedHeader({ alg: 'ES256', kid: 'key-1', ...header }).sign(own.privateKey);
    expect(await enter(await forged({ jwk }))).toBe('SIGNATURE');
    expect(await enter(await forged({ jku: 'https://evil.example/jwks.json' }))).toBe('SIGNATURE');
    expect(await enter(await forged({ x5u: 'https://evil.example/cert.pem' }))).toBe('SIGNATURE');
  });

  test('expired, not valid yet, without expiry, with times that are no numbers', async () => {
    expect(await enter(await issuer.sign(goodClaims({ exp: now() - 60 })))).toBe('EXPIRED');
    expect(await enter(await issuer.sign(goodClaims({ nbf: now() + 60 })))).toBe('CLAIM');
    expect(await enter(await issuer.sign(goodClaims({ exp: undefined })))).toBe('CLAIM');
    expect(await enter(await issuer.sign(goodClaims({ exp: String(now() + 600) as never })))).toMatch(/CLAIM|MALFORMED/);
  });

  test('signature of another token, changed claims, missing parts, five parts, text that is no token, a very long one', async () => {
    const [head, body, signature] = (await issuer.sign(goodClaims())).split('.');
    const other = (await issuer.sign(goodClaims({ sub: 'user-2' }))).split('.');
    for (const token of [`${head}.${body}.${other[2]}`, `${head}.${b64(goodClaims({ consumer: 'ministry' }))}.${signature}`])
      expect(await enter(token)).toBe('SIGNATURE');
    for (const token of [
      `${head}.${body}.`,
      `${head}.${body}`,
      'x',
      `${head}..${signature}`,
      `${head}.${body}.${signature}.x.y`,
      'a'.repeat(9000),
    ])
      expect(await enter(token)).toMatch(/MALFORMED|SIGNATURE/);
  });

  test('all of them are told the same sentence, whatever was wrong', async () => {
    const tokens = [
      'x',
      await issuer.sign(goodClaims({ exp: 1 })),
      await issuer.sign(goodClaims({ aud: 'x' })),
      await issuer.sign(goodClaims({ areas: 1 })),
    ];
    const told = await Promise.all(
      tokens.map((token) => authenticate(verifier, bearer(token)).catch((e) => [e.code, e.message, e.details])),
    );
    expect(new Set(told.map((t) => JSON.stringify(t)))).toEqual(
      new Set([JSON.stringify(['UNAUTHENTICATED', 'The token is not valid.', {}])]),
    );
  });
});

describe('a verified token is remembered', () => {
  test('until it expires, not longer', async () => {
    let at = Date.now();
    const config = issuer.config({ COMMONWEAL_OIDC_CLOCK_TOLERANCE: '0' });
    const clocked = createTokenVerifier(config.oidc, openKeys(config), () => new Date(at));
    const token = await issuer.sign(goodClaims({ exp: now() + 20 }));
    await clocked.verify(token);
    expect(clocked.recall(token)).toMatchObject({ consumer: 'river-bank' });
    at += 21_000;
    expect(clocked.recall(token)).toBeUndefined();
    await expect(clocked.verify(token)).rejects.toMatchObject({ fault: 'EXPIRED' });
  });

  test('for five minutes at most, so that a key that was withdrawn stops working', async () => {
    let at = Date.now();
    const config = issuer.config();
    const clocked = createTokenVerifier(config.oidc, openKeys(config), () => new Date(at));
    const token = await issuer.sign(goodClaims({ exp: now() + 3600 }));
    await clocked.verify(token);
    at += 299_000;
    expect(clocked.recall(token)).toBeDefined();
    at += 2000;
    expect(clocked.recall(token)).toBeUndefined();
  });

  test('a refusal is not remembered, nor is anything under a token that only resembles it', async () => {
    const token = await issuer.sign(goodClaims());
    await verifier.verify(token);
    expect(verifier.recall(`${token}x`)).toBeUndefined();
    await verifier.verify('x.y.z').catch(() => {});
    expect(verifier.recall('x.y.z')).toBeUndefined();
  });
});

describe('keys over the network', () => {
  let server: Server;
  let url: string;
  let answers: { status: number; body: string };
  let asked = 0;
  beforeAll(async () => {
    server = createServer((_, reply) => {
      asked++;
      reply.writeHead(answers.status, { 'content-type': 'application/json' }).end(answers.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => server.close());

  const remote = () => {
    const config = issuer.config({ COMMONWEAL_OIDC_JWKS: url });
    const keys = openKeys(config);
    return { keys, verifier: createTokenVerifier(config.oidc, keys) };
  };

  test('while the issuer does not answer a token is neither good nor bad', async () => {
    answers = { status: 500, body: '' };
    const { keys, verifier } = remote();
    await expect(keys.load()).rejects.toThrow('Expected 200 OK');
    await expect(verifier.verify(await issuer.sign(goodClaims()))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'Tokens cannot be checked at the moment.',
    });
  });

  test('a hundred made-up kids cost the issuer one request', async () => {
    answers = { status: 200, body: readFileSync(issuer.jwksFile, 'utf8') };
    const { verifier } = remote();
    asked = 0;
    await verifier.verify(await issuer.sign(goodClaims()));
    for (let i = 0; i < 100; i++)
      await expect(verifier.verify(await issuer.sign(goodClaims(), { kid: `made-up-${i}` }))).rejects.toMatchObject({ fault: 'KEY' });
    expect(asked).toBe(1);
  });

  test('a key of the development issuer is none in production, whoever hands it out', async () => {
    const [known] = JSON.parse(readFileSync(issuer.jwksFile, 'utf8')).keys;
    const kid = `${DEV_KEY_PREFIX}1`;
    answers = { status: 200, body: JSON.stringify({ keys: [{ ...known, kid }] }) };
    const token = await issuer.sign(goodClaims(), { kid });
    const config = issuer.config({ COMMONWEAL_OIDC_JWKS: url });
    const entering = (environment: 'development' | 'production') =>
      createTokenVerifier(config.oidc, openKeys({ ...config, environment })).verify(token);
    expect(await entering('development')).toMatchObject({ consumer: 'river-bank' });
    await expect(entering('production')).rejects.toMatchObject({ fault: 'KEY' });
    answers = { status: 200, body: readFileSync(issuer.jwksFile, 'utf8') };
    const production = createTokenVerifier(config.oidc, openKeys({ ...config, environment: 'production' }));
    expect(await production.verify(await issuer.sign(goodClaims()))).toMatchObject({ consumer: 'river-bank' });
  });

  test('a symmetric key in the set signs nothing', async () => {
    const k = Buffer.alloc(32, 7).toString('base64url');
    answers = { status: 200, body: JSON.stringify({ keys: [{ kty: 'oct', kid: 'oct', k, alg: 'HS256' }] }) };
    const key = await importJWK({ kty: 'oct', k, alg: 'HS256' });
    const token = await new SignJWT(goodClaims()).setProtectedHeader({ alg: 'HS256', kid: 'oct' }).sign(key);
    await expect(remote().verifier.verify(token)).rejects.toBeInstanceOf(Error);
  });
});
