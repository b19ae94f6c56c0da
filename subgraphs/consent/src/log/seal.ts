import { createHash, type KeyObject, sign, verify } from 'node:crypto';

/** What a seal says of a batch of records. */
export interface SealContent {
  /** Number of the batch, counted from 1 without gaps. */
  readonly seal: number;
  /** When it was sealed, in microseconds since 1970. */
  readonly sealedAt: string;
  readonly records: number;
  readonly merkleRoot: Uint8Array;
  /** Chain value of the batch before. */
  readonly previous: Uint8Array;
}

/** Chain value before the first batch. */
export const CHAIN_START = Buffer.alloc(32);

/** Chain value of a batch: SHA-256 over the one before and all that the seal says. */
export const chainOf = (s: SealContent): Buffer =>
  createHash('sha256')
    .update('commonweal access seal 1')
    .update(s.previous)
    .update(JSON.stringify([s.seal, s.sealedAt, s.records]))
    .update(s.merkleRoot)
    .digest();

/** Signs a chain value (Ed25519). */
export const signSeal = (key: KeyObject, chain: Uint8Array): Buffer => sign(null, chain, key);

/** Whether one of the keys signed a chain value: a deployment that changed its key gives the old one too. */
export const sealIsSigned = (keys: readonly KeyObject[], chain: Uint8Array, signature: Uint8Array): boolean =>
  keys.some((k) => verify(null, chain, k, signature));
