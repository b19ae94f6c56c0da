import { hash } from 'node:crypto';
import { foldNumber } from '@commonweal/persons/person/names.ts';

const BLOCK = 64;
const LONGEST = 512;

/**
 * `identifierHash` of the persons registry, in hexadecimal, for millions of numbers: the same HMAC-SHA256 (RFC 2104) written as its two hashes,
 * because making an Hmac object for each number costs six times as much. The key has at most 64 bytes.
 */
export function identifierHasher(key: Buffer): (type: string, value: string) => string {
  if (key.length > BLOCK) throw new Error('The key is longer than a block of SHA-256.');
  const inner = Buffer.alloc(BLOCK + LONGEST, 0x36);
  const outer = Buffer.alloc(BLOCK + 32, 0x5c);
  for (const [at, byte] of key.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return (type, value) => {
    const message = `${type}\n${foldNumber(value)}`;
    // A letter of any script takes three bytes at the most for each of its UTF-16 units.
    if (message.length * 3 > LONGEST) throw new Error('The number is too long to be one.');
    const length = inner.write(message, BLOCK);
    outer.set(hash('sha256', inner.subarray(0, BLOCK + length), 'buffer'), BLOCK);
    return hash('sha256', outer, 'hex');
  };
}
