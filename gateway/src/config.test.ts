import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { openKeys } from './authn/keys.ts';
import { ConfigError, listSettings, settingsHelp, settingsTable } from './config.settings.ts';
import { DEV_ISSUER, DEV_KEY_PREFIX, DEV_SECRET, readConfig, SETTINGS } from './config.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const production = {
  COMMONWEAL_OIDC_ISSUER: 'https://issuer.example',
  COMMONWEAL_OIDC_AUDIENCE: 'registry',
  COMMONWEAL_OIDC_JWKS: 'https://issuer.example/jwks',
  COMMONWEAL_SECRET: Buffer.from('a secret of some length, for tests only').toString('base64'),
};
/** The faults of an environment, added to one that is good. */
function faults(env: Record<string, string | undefined>, others: string[] = []): readonly string[] {
  try {
    readConfig({ ...production, ...env }, others);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('what is not said is production', () => {
  test('which has no laptop defaults: each thing that matters must be set', () => {
    expect(() => readConfig({})).toThrow(ConfigError);
    const missing = faults({
      COMMONWEAL_OIDC_ISSUER: undefined,
      COMMONWEAL_OIDC_AUDIENCE: '',
      COMMONWEAL_OIDC_JWKS: undefined,
      COMMONWEAL_SECRET: undefined,
    });
    expect(missing).toEqual([
      'COMMONWEAL_OIDC_ISSUER must be set.',
      'COMMONWEAL_OIDC_AUDIENCE must be set.',
      'COMMONWEAL_OIDC_JWKS must be set.',
      'COMMONWEAL_SECRET must be set.',
    ]);
    const config = readConfig(production);
    expect([config.environment, config.playground, config.metricsToken, config.host]).toEqual(['production', false, null, '127.0.0.1']);
  });

  test('and refuses the issuer, the keys and the secret of a laptop, whatever they are called', async () => {
    expect(faults({ COMMONWEAL_OIDC_ISSUER: DEV_ISSUER })[0]).toMatch(/^COMMONWEAL_OIDC_ISSUER is the development issuer/);
    expect(faults({ COMMONWEAL_SECRET: DEV_SECRET })[0]).toMatch(/^COMMONWEAL_SECRET is the one printed in the source/);
    const file = path.join(folder, 'dev.json');
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    writeFileSync(file, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: `${DEV_KEY_PREFIX}1` }] }));
    expect(() => openKeys(readConfig({ ...production, COMMONWEAL_OIDC_JWKS: file }))).toThrow(
      /is that of the development issuer, which is refused in production/,
    );
  });

  test('development has to be said exactly', () => {
    expect(faults({ COMMONWEAL_ENV: 'Development' })).toEqual([
      'COMMONWEAL_ENV must be one of production, development; it is "Development".',
    ]);
    const config = readConfig({ COMMONWEAL_ENV: 'development', COMMONWEAL_OIDC_JWKS: 'jwks.json' });
    expect([config.playground, config.oidc.issuer, config.secret.toString('base64')]).toEqual([true, DEV_ISSUER, DEV_SECRET]);
  });
});

describe('a variable that is wrong is a sentence that names it', () => {
  test.each([
    ['COMMONWEAL_PORT', '4000x', 'must be a whole number from 0 to 65535; it is "4000x".'],
    ['COMMONWEAL_PORT', '65536', 'must be a whole number from 0 to 65535; it is "65536".'],
    ['COMMONWEAL_LIMIT_DEPTH', '-1', 'must be a whole number from 1 to 100; it is "-1".'],
    ['COMMONWEAL_LIMIT_DEPTH', '1e2', 'must be a whole number from 1 to 100; it is "1e2".'],
    ['COMMONWEAL_OIDC_ALGORITHMS', 'ES256,none', 'must be one of ES256, EdDSA, RS256, PS256; it is "none".'],
    ['COMMONWEAL_OIDC_ALGORITHMS', 'HS256', 'must be one of ES256, EdDSA, RS256, PS256; it is "HS256".'],
    ['COMMONWEAL_OIDC_ALGORITHMS', 'es256', 'must be one of ES256, EdDSA, RS256, PS256; it is "es256".'],
    ['COMMONWEAL_OIDC_ISSUER', ' https://issuer.example', 'must not contain control characters, nor begin or end with a space.'],
    ['COMMONWEAL_OIDC_JWKS', 'http://issuer.example/jwks', 'must be an https URL: whoever can change the keys can sign tokens.'],
    ['COMMONWEAL_OIDC_JWKS', 'http://127.0.0.1/jwks', 'must be an https URL: whoever can change the keys can sign tokens.'],
    ['COMMONWEAL_OIDC_JWKS', 'ftp://issuer.example/jwks', 'must be an http or https URL.'],
    ['COMMONWEAL_URL_PERSONS', 'persons:4001', 'must be an http or https URL.'],
    ['COMMONWEAL_URL_PERSONS', 'http://user:pass@persons:4001', 'must be a URL without credentials, query and fragment.'],
    ['COMMONWEAL_SECRET', 'c2hvcnQ=', 'must have 32 bytes or more; it has 5.'],
    ['COMMONWEAL_SECRET', 'a'.repeat(48), 'must be random; it repeats a few bytes.'],
    ['COMMONWEAL_SECRET', 'not base64: has spaces in it, and colons', 'must be base64, such as `openssl rand -base64 32` prints.'],
    ['COMMONWEAL_METRICS_TOKEN', 'short', 'must be 32 or more printable characters without spaces.'],
    ['COMMONWEAL_PLAYGROUND', 'yes', 'must be one of on, off; it is "yes".'],
    ['COMMONWEAL_TRUSTED_PROXIES', '10.0.0.0/8, proxy', 'must list IP addresses or networks such as 10.0.0.0/8; "proxy" is none.'],
    ['COMMONWEAL_TRUSTED_PROXIES', '10.0.0.0/33', 'must list IP addresses or networks such as 10.0.0.0/8; "10.0.0.0/33" is none.'],
    ['COMMONWEAL_LOG_LEVEL', 'verbose', 'must be one of fatal, error, warn, info, debug, trace, silent; it is "verbose".'],
  ])('%s=%s', (name, value, sentence) => expect(faults({ [name]: value })).toEqual([`${name} ${sentence}`]));

  test('all of them at once, and never the value of a secret', () => {
    expect(faults({ COMMONWEAL_PORT: 'x', COMMONWEAL_SECRET: 'hunter2' })).toHaveLength(2);
    expect(faults({ COMMONWEAL_SECRET: 'hunter2' }).join()).not.toContain('hunter2');
  });

  test('one that does not exist is refused, with the nearest that does', () => {
    expect(faults({ COMMONWEAL_OIDC_ISUER: 'x' })).toEqual([
      'COMMONWEAL_OIDC_ISUER is not a setting; did you mean COMMONWEAL_OIDC_ISSUER? All settings are listed by --help and in the README.',
    ]);
    expect(faults({ COMMONWEAL_DISABLE_EVERYTHING: '1' })).toEqual([
      'COMMONWEAL_DISABLE_EVERYTHING is not a setting. All settings are listed by --help and in the README.',
    ]);
    expect(faults({ COMMONWEAL_DATA: 'x' }, ['COMMONWEAL_DATA'])).toEqual([]);
    expect(faults({ PATH: 'x', NODE_ENV: 'test', commonweal_port: '1' })).toEqual([]);
  });
});

test('a secret may stand in a file; one that cannot be read is a sentence', () => {
  const file = path.join(folder, 'secret');
  writeFileSync(file, `${production.COMMONWEAL_SECRET}\n`);
  expect(readConfig({ ...production, COMMONWEAL_SECRET: undefined, COMMONWEAL_SECRET_FILE: file }).secret.toString('base64')).toBe(
    production.COMMONWEAL_SECRET,
  );
  expect(faults({ COMMONWEAL_SECRET: undefined, COMMONWEAL_SECRET_FILE: `${file}.none` })).toEqual([
    'COMMONWEAL_SECRET cannot be read from the file that COMMONWEAL_SECRET_FILE names (ENOENT).',
  ]);
});

test('a file of keys that is none, or holds private ones, is a sentence', () => {
  const file = path.join(folder, 'keys.json');
  const open = (text: string) => {
    writeFileSync(file, text);
    return () => openKeys(readConfig({ ...production, COMMONWEAL_OIDC_JWKS: file }));
  };
  expect(open('{')).toThrow(/^COMMONWEAL_OIDC_JWKS names the file .*, which cannot be read as JSON/);
  expect(open('{"keys":[]}')).toThrow(/is no JWKS/);
  expect(open('{"keys":[{"kty":"EC","d":"x"}]}')).toThrow(/holds private or symmetric keys/);
  expect(open('{"keys":[{"kty":"oct","k":"x"}]}')).toThrow(/holds private or symmetric keys/);
});

test('the configuration cannot be changed once it is read', () => {
  const config = readConfig(production);
  expect(() => Object.assign(config.oidc, { issuer: 'x' })).toThrow(TypeError);
  expect(() => Object.assign(config.limits, { depth: 1000 })).toThrow(TypeError);
  expect(() => (config.oidc.algorithms as string[]).push('none')).toThrow(TypeError);
});

test('table and help hold every setting once, with its default', () => {
  const names = listSettings(SETTINGS).map((s) => s.name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) {
    expect(settingsTable(SETTINGS)).toContain(`| \`${name}\` |`);
    expect(settingsHelp(SETTINGS)).toContain(name);
  }
  expect(settingsTable(SETTINGS)).toContain('| `COMMONWEAL_PORT` | 4000 | TCP port to listen on; 0 takes a free one. |');
});
