import { randomBytes } from 'node:crypto';
import { readConfig } from '@commonweal/gateway/config.ts';
import { expect, test } from 'vitest';
import { dataFolder, readScriptConfig } from './config.ts';
import { whatNext } from './up.hello.ts';

const config = readConfig(
  { COMMONWEAL_ENV: 'development', COMMONWEAL_OIDC_JWKS: '/keys.json', COMMONWEAL_SECRET: randomBytes(32).toString('base64') },
  [],
);
const system = { url: 'http://127.0.0.1:4000' } as Parameters<typeof whatNext>[0];

test('what is to be pasted into another terminal takes its token from the keys of this system', () => {
  expect(whatNext(system, config, readScriptConfig({}).data, 1)).toContain('Bearer $(npm run -s token -- "$1")"');
  expect(whatNext(system, config, dataFolder("/srv/it's"), 1)).toContain(
    `Bearer $(COMMONWEAL_DATA='/srv/it'\\''s' npm run -s token -- "$1")"`,
  );
});
