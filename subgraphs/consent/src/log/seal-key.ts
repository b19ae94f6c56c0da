import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A key for seals from its text (PKCS #8 PEM). Throws for anything but an Ed25519 key. */
export function sealKeyFrom(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The key that seals the access log must be an Ed25519 key.');
  return key;
}

/** A public key for verifying seals from its text (SPKI PEM, or the private key's). */
export const verifyingKeyFrom = (pem: string): KeyObject => createPublicKey(pem);

/** The key of a local system: made once, kept in a file that only its owner reads, with the public key beside it (`.pub`) for the verifier. */
export function sealKeyInFile(path: string): KeyObject {
  if (!existsSync(path)) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    mkdirSync(dirname(path), { recursive: true });
    // `wx`: of two processes that start at the same time one makes the key, the other reads it.
    try {
      writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
      writeFileSync(`${path}.pub`, publicKey.export({ type: 'spki', format: 'pem' }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return sealKeyFrom(readFileSync(path, 'utf8'));
}
