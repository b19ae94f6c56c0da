import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { KeySource } from '../config.kinds.ts';
import { ConfigError } from '../config.settings.ts';
import { DEV_KEY_PREFIX, type GatewayConfig } from '../config.ts';

/** The public keys of the issuer. A token's `kid` is compared with theirs and used for nothing else. */
export interface IssuerKeys {
  readonly find: JWTVerifyGetKey;
  /** Loads them if need be. Rejects when they cannot be had; for readiness. */
  load(): Promise<void>;
}

/** The issuer's keys cannot be had: not the fault of the token. */
export class KeysUnavailable extends Error {}

const FETCH_LIMIT_MS = 3000;
// Between two fetches for keys that are not known: a stream of made-up kids must not become a stream of requests to the issuer.
const COOLDOWN_MS = 30_000;
// A withdrawn key is noticed after this long; an issuer that does not answer for hours does not stop the tokens it has signed.
const REFRESH_MS = 10 * 60_000;
const KEEP_MS = 12 * 3600_000;

/** Opens the key source of a configuration. Throws `ConfigError` for a file that is no set of public keys. */
export function openKeys(config: Pick<GatewayConfig, 'environment' | 'oidc'>): IssuerKeys {
  const source: KeySource = config.oidc.jwks;
  const isProduction = config.environment === 'production';
  if (source.kind === 'file') {
    const find = createLocalJWKSet(readKeyFile(source.file, isProduction));
    return { find, load: async () => {} };
  }
  const remote = createRemoteJWKSet(source.url, { timeoutDuration: FETCH_LIMIT_MS, cooldownDuration: COOLDOWN_MS, cacheMaxAge: KEEP_MS });
  let refreshedAt = 0;
  return {
    async find(header, token) {
      if (isProduction && isDevelopmentKey(header)) throw new errors.JWKSNoMatchingKey();
      if (Date.now() - refreshedAt > REFRESH_MS) {
        refreshedAt = Date.now();
        // In the background: who asks meanwhile is served with the keys there are, or waits for this same fetch when there are none.
        remote.reload().catch(() => {
          refreshedAt = Date.now() - REFRESH_MS + COOLDOWN_MS;
        });
      }
      try {
        return await remote(header, token);
      } catch (cause) {
        if (
          cause instanceof errors.JWKSNoMatchingKey ||
          cause instanceof errors.JWKSMultipleMatchingKeys ||
          cause instanceof errors.JOSENotSupported
        )
          throw cause;
        throw new KeysUnavailable('The keys of the issuer cannot be had.', { cause });
      }
    },
    async load() {
      if (!remote.fresh) await remote.reload();
    },
  };
}

const isDevelopmentKey = (key: { kid?: string }) => key.kid?.startsWith(DEV_KEY_PREFIX) ?? false;

function readKeyFile(file: string, isProduction: boolean): JSONWebKeySet {
  const fault = (text: string) => new ConfigError([`COMMONWEAL_OIDC_JWKS names the file ${file}, which ${text}`]);
  let set: JSONWebKeySet;
  try {
    set = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw fault(`cannot be read as JSON (${(error as NodeJS.ErrnoException).code ?? 'malformed'}).`);
  }
  if (!Array.isArray(set?.keys) || set.keys.length === 0) throw fault('is no JWKS: it has no list "keys".');
  // Whoever can read a file of verification keys must not be able to sign with them.
  if (set.keys.some((key) => key.kty === 'oct' || 'd' in key || 'k' in key))
    throw fault('holds private or symmetric keys; only public keys belong there.');
  if (isProduction && set.keys.some(isDevelopmentKey)) throw fault('is that of the development issuer, which is refused in production.');
  return set;
}
