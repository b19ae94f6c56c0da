import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

/** Kinds of reference and the type each stands for. */
export const REFERENCE_TYPES = {
  per: 'Person',
  hh: 'Household',
  prg: 'Program',
  enr: 'Enrollment',
  ben: 'Benefit',
  pay: 'Payment',
  acc: 'Account',
  con: 'ConsentRecord',
} as const;
/** Prefix of a reference. */
export type ReferenceKind = keyof typeof REFERENCE_TYPES;
/** Kinds whose rows are distributed by person: the reference carries the person too, so that a look-up meets one shard. */
const OWNED: ReadonlySet<string> = new Set(['enr', 'ben', 'pay', 'acc', 'con']);

/** What a reference stands for inside: the row's id and, for an owned kind, the person's. */
export interface Referent {
  readonly id: string;
  readonly owner: string | null;
}

const toBytes = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const toUuid = (b: Buffer) => b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((x, i) => x ^ b[i]!));

/**
 * References as one group of consumers sees them: `kind_` and the internal id, enciphered with a key of the group. Always the same for one row
 * and group, unlike in another group, and telling nothing. A reference of another group deciphers to an id that does not exist.
 */
export class References {
  readonly #ciphers = new Map<string, { seal: (b: Buffer) => Buffer; open: (b: Buffer) => Buffer }>();
  readonly #secret: Buffer;
  readonly #group: string;

  constructor(secret: Buffer, group: string) {
    this.#secret = secret;
    this.#group = group;
  }

  /** The reference of a row. `owner` is needed for kinds whose rows belong to a person. */
  encode(kind: ReferenceKind, id: string, owner?: string): string {
    const c = this.#cipher(kind);
    const first = c.seal(toBytes(id));
    if (!OWNED.has(kind)) return `${kind}_${first.toString('base64url')}`;
    if (!owner) throw new Error(`a reference ${kind} needs the person it belongs to`);
    return `${kind}_${Buffer.concat([first, c.seal(xor(toBytes(owner), first))]).toString('base64url')}`;
  }

  /** What a reference stands for, or null for a text that is no reference of this kind. Whether the row exists is another question. */
  decode(kind: ReferenceKind, reference: string): Referent | null {
    if (!reference.startsWith(`${kind}_`)) return null;
    const text = reference.slice(kind.length + 1);
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length !== (OWNED.has(kind) ? 32 : 16) || bytes.toString('base64url') !== text) return null;
    const c = this.#cipher(kind);
    const first = bytes.subarray(0, 16);
    const id = toUuid(c.open(first));
    return { id, owner: bytes.length === 32 ? toUuid(xor(c.open(bytes.subarray(16)), first)) : null };
  }

  #cipher(kind: string) {
    let c = this.#ciphers.get(kind);
    if (!c) {
      const key = Buffer.from(hkdfSync('sha256', this.#secret, 'commonweal', `reference:${this.#group}:${kind}`, 32));
      // One block at a time, so the state-free mode is the right one: the cipher is used as a keyed permutation of ids.
      const sealer = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
      const opener = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
      c = { seal: (b) => sealer.update(b), open: (b) => opener.update(b) };
      this.#ciphers.set(kind, c);
    }
    return c;
  }
}

/** Kind of a reference by its prefix, or null. */
export function kindOf(reference: string): ReferenceKind | null {
  const prefix = reference.slice(0, reference.indexOf('_'));
  return Object.hasOwn(REFERENCE_TYPES, prefix) ? (prefix as ReferenceKind) : null;
}
