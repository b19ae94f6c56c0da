import { describe, expect, test } from 'vitest';
import { type Hop, hopKey, queryHash, signHop, verifyHop } from './hop.ts';
import type { Principal } from './principal.ts';

const key = hopKey(Buffer.from('a secret of thirty-two bytes, or more'), 'persons');
const frozen: Principal = Object.freeze({
  consumer: 'clinic',
  user: 'Ñandú',
  purpose: 'SERVICE_VERIFICATION',
  scopes: ['read'],
  person: null,
  areas: null,
  programs: null,
});
const hop = (more: Partial<Hop> = {}): Hop => ({
  audience: 'persons',
  expires: 1030,
  id: 'hop-1',
  queryHash: queryHash('{ persons }'),
  principal: frozen,
  epoch: 7,
  digest: 'd1',
  requestId: 'request "1"',
  operation: 'query',
  ...more,
});
const read = (token: string) => verifyHop(key, token, 'persons', '{ persons }', 1000, { firstTime: () => true });

describe('a hop', () => {
  test('says in each of many tokens what it says in the first, whatever its parts are as long as', () => {
    for (const digest of ['', 'd', 'dd', 'ddd'])
      for (const id of ['1', '2', '3']) expect(read(signHop(key, hop({ digest, id })))).toEqual({ hop: hop({ digest, id }) });
  });

  test('tells of another decision as soon as it was made, and of the same one when it is the one again', () => {
    for (const [epoch, digest] of [
      [7, 'd1'],
      [8, 'd1'],
      [8, 'd2'],
      [7, 'd1'],
    ] as const)
      expect(read(signHop(key, hop({ epoch, digest })))).toEqual({ hop: hop({ epoch, digest }) });
  });

  test('tells of another principal with the same user, and of one that was changed', () => {
    const other = { ...frozen, areas: ['KE.23'] };
    expect(read(signHop(key, hop({ principal: other })))).toEqual({ hop: hop({ principal: other }) });
    Object.assign(other, { areas: ['KE.24'] });
    expect(read(signHop(key, hop({ principal: other })))).toEqual({ hop: hop({ principal: { ...frozen, areas: ['KE.24'] } }) });
    expect(read(signHop(key, hop()))).toEqual({ hop: hop() });
  });

  test('is made for each registry', () => {
    signHop(key, hop());
    expect(read(signHop(key, hop({ audience: 'payments' })))).toEqual({ fault: 'OTHER_AUDIENCE' });
    expect(read(signHop(key, hop()))).toEqual({ hop: hop() });
  });

  test('of which a character was changed is refused, also when base64 would not mind it', () => {
    const token = signHop(key, hop());
    for (const at of [0, 5, token.indexOf('.') - 1, token.length - 2])
      for (const character of ['A', '-', 'ł', '\n', ' ']) {
        const changed = `${token.slice(0, at)}${character}${token.slice(at + 1)}`;
        if (changed !== token) expect(read(changed)).toEqual({ fault: expect.stringMatching(/^(BAD_SIGNATURE|MALFORMED)$/) });
      }
    // The same character in the lower eight bits.
    const first = token.charCodeAt(0);
    expect(read(String.fromCharCode(first + 256) + token.slice(1))).toEqual({ fault: 'BAD_SIGNATURE' });
  });
});
