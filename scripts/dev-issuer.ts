import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DEV_AUDIENCE, DEV_ISSUER, DEV_KEY_PREFIX } from '@commonweal/gateway/config.ts';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { DataFolder } from './config.ts';

/** Lifetime of a development token. */
export const TOKEN_LIFETIME = '8h';

/** What a development token says of its bearer. */
export interface DevClaims {
  readonly consumer: string;
  readonly user: string;
  readonly purposes: readonly string[];
  readonly scopes: readonly string[];
  readonly areas?: readonly string[] | undefined;
  readonly programs?: readonly string[] | undefined;
  readonly person?: string | undefined;
}

/** Makes the key pair of the development issuer and the secret of the local deployment, once. It exists in a data folder and nowhere else; the gateway refuses it in production. */
export async function ensureDevIssuer(data: DataFolder): Promise<void> {
  mkdirSync(data.folder, { recursive: true });
  if (!existsSync(data.secret)) writeOnce(data.secret, `${randomBytes(32).toString('base64')}\n`, 0o600);
  if (!existsSync(data.issuerKey)) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), kid: `${DEV_KEY_PREFIX}${randomBytes(6).toString('hex')}`, alg: 'ES256' };
    writeOnce(data.issuerKey, JSON.stringify(jwk), 0o600);
  }
  const { d: _, ...publicKey } = readKey(data);
  writeOnce(data.jwks, JSON.stringify({ keys: [{ ...publicKey, use: 'sig' }] }), 0o644);
}

/** The secret of the local deployment, base64. */
export const readSecret = (data: DataFolder): string => readFileSync(data.secret, 'utf8').trim();

/** Signs a development token. Throws when the issuer was not made yet. */
export async function signDevToken(data: DataFolder, claims: DevClaims): Promise<string> {
  const jwk = readKey(data);
  const { consumer, user, purposes, scopes, areas, programs, person } = claims;
  return new SignJWT({ consumer, purposes: [...purposes], scope: scopes.join(' '), areas, programs, person })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid ?? '', typ: 'JWT' })
    .setIssuer(DEV_ISSUER)
    .setAudience(DEV_AUDIENCE)
    .setSubject(user)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(TOKEN_LIFETIME)
    .sign(await importJWK(jwk, 'ES256'));
}

const readKey = (data: DataFolder): JWK => JSON.parse(readFileSync(data.issuerKey, 'utf8'));

// Written beside and renamed: whoever reads it sees all of it or nothing.
function writeOnce(file: string, text: string, mode: number): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text, { mode });
  renameSync(unfinished, file);
}
