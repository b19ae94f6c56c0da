import { createCipheriv, createDecipheriv, createSecretKey, hash, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { Bounded } from './bounded.ts';

const places = new Bounded<string, Buffer>(1000);
const placeOf = (bound: string) => places.getOrMake(bound, () => hash('sha256', bound, 'buffer'));

/** Authenticated encryption of small JSON values that travel through callers: cursors and tickets. */
export class Sealer {
  readonly #key: KeyObject;

  constructor(secret: Buffer, use: string) {
    this.#key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'commonweal', `seal:${use}`, 32)));
  }

  /** Seals a value for one place: `bound` says where it may be opened. */
  seal(value: unknown, bound: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(placeOf(bound));
    const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
  }

  /** Opens a sealed value, or gives null when it was made elsewhere, for another place, or changed. */
  open(sealed: string, bound: string): unknown {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < 29 || bytes.length > 4096) return null;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12)).setAAD(placeOf(bound));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'));
    } catch {
      return null;
    }
  }
}
