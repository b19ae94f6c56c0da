import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type GatewayConfig, readConfig } from '../config.ts';

/** Issuer of the tokens in tests. */
export const ISSUER = 'https://issuer.example';
/** Audience of the gateway in tests. */
export const AUDIENCE = 'https://registry.example';

/** An issuer for tests: a key pair, its JWKS in a file, and a pen. */
export interface TestIssuer {
  readonly jwksFile: string;
  /** The public key as PEM, for the attack that uses it as a symmetric secret. */
  readonly publicPem: string;
  /** Signs claims as they stand; `times` in seconds from now. */
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** A configuration that trusts this issuer. */
  config(env?: Record<string, string>): GatewayConfig;
  remove(): void;
}

/** Claims of a token that is valid now. */
export function goodClaims(more: Record<string, unknown> = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'user-1',
    exp: now + 600,
    iat: now,
    consumer: 'river-bank',
    purposes: ['PAYMENT_DELIVERY'],
    scope: 'read filter',
    ...more,
  };
}

/** Makes an issuer with a key of its own. */
export async function testIssuer(): Promise<TestIssuer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-issuer-'));
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwksFile = path.join(folder, 'jwks.json');
  writeFileSync(jwksFile, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' }] }));
  return {
    jwksFile,
    publicPem: await exportSPKI(publicKey),
    sign: (claims, header = {}) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'key-1', ...header }).sign(privateKey),
    config: (env = {}) =>
      readConfig({
        COMMONWEAL_ENV: 'development',
        COMMONWEAL_PORT: '0',
        COMMONWEAL_OIDC_ISSUER: ISSUER,
        COMMONWEAL_OIDC_AUDIENCE: AUDIENCE,
        COMMONWEAL_OIDC_JWKS: jwksFile,
        ...env,
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
