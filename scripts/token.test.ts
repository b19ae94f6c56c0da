import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { authenticate } from '@commonweal/gateway/authn/authenticate.ts';
import { openKeys } from '@commonweal/gateway/authn/keys.ts';
import { createTokenVerifier } from '@commonweal/gateway/authn/token.ts';
import { readConfig } from '@commonweal/gateway/config.ts';
import { PERSONAS } from '@commonweal/schema/reference/personas.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dataFolder } from './config.ts';
import { ensureDevIssuer, readSecret } from './dev-issuer.ts';

const PERSON = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const data = dataFolder(mkdtempSync(path.join(os.tmpdir(), 'commonweal-token-')));
const empty = mkdtempSync(path.join(os.tmpdir(), 'commonweal-token-'));
beforeAll(async () => {
  await ensureDevIssuer(data);
  writeFileSync(data.demo, JSON.stringify({ beneficiary: PERSON }));
});
afterAll(() => {
  for (const folder of [data.folder, empty]) rmSync(folder, { recursive: true, force: true });
});

/** Runs the command as npm would. */
function token(args: string[], folder = data.folder) {
  const done = spawnSync(process.execPath, [path.join(import.meta.dirname, 'token.ts'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, COMMONWEAL_DATA: folder },
  });
  return { code: done.status, out: done.stdout, said: done.stderr.trim() };
}
const verifier = () => {
  const config = readConfig({ COMMONWEAL_ENV: 'development', COMMONWEAL_OIDC_JWKS: data.jwks });
  return createTokenVerifier(config.oidc, openKeys(config));
};

describe('npm run token', () => {
  test('prints a token that the gateway takes, and nothing else', async () => {
    const { code, out, said } = token(['case-worker']);
    expect([code, said]).toEqual([0, '']);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await authenticate(verifier(), ['authorization', `Bearer ${out.trim()}`])).toEqual({
      consumer: 'county-services',
      user: 'case-worker-1',
      purpose: 'CASE_MANAGEMENT',
      scopes: PERSONAS['case-worker']?.scopes,
      person: null,
      areas: ['KE.23'],
      programs: null,
    });
    const { exp = 0, iat = 0 } = JSON.parse(Buffer.from(out.split('.')[1] ?? '', 'base64url').toString());
    expect(exp - iat).toBe(8 * 3600);
  });

  test('carries the first purpose, the one asked for or one below it, or all', async () => {
    const purposes = async (...args: string[]) => (await verifier().verify(token(args).out.trim())).purposes;
    expect(await purposes('bank')).toEqual(['PAYMENT_DELIVERY']);
    expect(await purposes('bank', '--purpose', 'SERVICE_VERIFICATION')).toEqual(['SERVICE_VERIFICATION']);
    expect(await purposes('bank', '--all-purposes')).toEqual(['PAYMENT_DELIVERY', 'SERVICE_VERIFICATION']);
    expect(await purposes('analyst', '--purpose', 'RESEARCH.HEALTH')).toEqual(['RESEARCH.HEALTH']);
    expect(token(['bank', '--purpose', 'RESEARCH'])).toEqual({
      code: 1,
      out: '',
      said: 'commonweal: The persona bank may not state the purpose "RESEARCH". It has: PAYMENT_DELIVERY, SERVICE_VERIFICATION.',
    });
  });

  test('of the beneficiary names the person of the demo', async () => {
    expect((await verifier().verify(token(['beneficiary']).out.trim())).person).toBe(PERSON);
  });

  test('says in a sentence why there is none', () => {
    expect(token(['nobody'])).toMatchObject({
      code: 1,
      out: '',
      said: expect.stringMatching(/^commonweal: There is no persona "nobody"\. There are: program-admin, .*anonymous\.$/),
    });
    expect(token(['__proto__']).said).toContain('There is no persona "__proto__".');
    expect(token([])).toMatchObject({ code: 1, out: '', said: expect.stringContaining('Name one persona.') });
    expect(token(['bank'], empty)).toMatchObject({
      code: 1,
      out: '',
      said: expect.stringContaining('The local system has not been started yet.'),
    });
    expect(token(['anonymous'])).toEqual({
      code: 0,
      out: '',
      said: 'Anybody may ask without a token: leave the Authorization header out.',
    });
    rmSync(data.demo);
    expect(token(['beneficiary'])).toMatchObject({
      code: 1,
      out: '',
      said: expect.stringContaining('The demo country has not been made yet'),
    });
  });
});

describe('the development issuer', () => {
  test('keeps its key and the secret for its owner, makes them once, and publishes no private part', async () => {
    const before = [readFileSync(data.issuerKey, 'utf8'), readSecret(data)];
    await ensureDevIssuer(data);
    expect([readFileSync(data.issuerKey, 'utf8'), readSecret(data)]).toEqual(before);
    expect([data.issuerKey, data.secret].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    expect(Buffer.from(readSecret(data), 'base64')).toHaveLength(32);
    const { keys } = JSON.parse(readFileSync(data.jwks, 'utf8'));
    expect(Object.keys(keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  test('is refused by a gateway in production, under its own name and under another', async () => {
    const production = { COMMONWEAL_OIDC_JWKS: data.jwks, COMMONWEAL_OIDC_AUDIENCE: 'commonweal', COMMONWEAL_SECRET: readSecret(data) };
    expect(() => readConfig({ ...production, COMMONWEAL_OIDC_ISSUER: 'urn:commonweal:dev-issuer' })).toThrow(/development issuer/);
    expect(() => openKeys(readConfig({ ...production, COMMONWEAL_OIDC_ISSUER: 'https://issuer.example' }))).toThrow(/development issuer/);
  });
});
