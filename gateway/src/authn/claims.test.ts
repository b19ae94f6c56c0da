import { describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { ClaimFault, readClaims } from './claims.ts';

const names = readConfig({ COMMONWEAL_ENV: 'development', COMMONWEAL_OIDC_JWKS: 'x' }).oidc.claims;
const good = { sub: 'u', consumer: 'river-bank', purposes: ['PAYMENT_DELIVERY'], scope: 'read' };
const read = (more: Record<string, unknown>) => readClaims({ ...good, ...more }, names);

describe('the consumer is the exact text of the claim', () => {
  test('other case, spaces, look-alikes and invisible characters stay what they are: somebody else', () => {
    const variants = [
      'River-Bank',
      'RIVER-BANK',
      ' river-bank',
      'river-bank ',
      'river-bank\u200b',
      'river‐bank',
      'rıver-bank',
      'rіver-bank',
      'river-bank\ufeff',
      'river-bank\u00a0',
    ];
    for (const consumer of variants) {
      expect(read({ consumer }).consumer).toBe(consumer);
      expect(consumer).not.toBe('river-bank');
    }
  });

  test('another normal form, control characters, a lone surrogate, emptiness, excess and other types are refused', () => {
    for (const consumer of [
      'cafe\u0301',
      '\u212b',
      'river\nbank',
      'river-bank\0',
      '\ud800',
      '',
      'x'.repeat(129),
      7,
      null,
      ['river-bank'],
      { toString: 'river-bank' },
      undefined,
    ])
      expect(() => read({ consumer })).toThrow(ClaimFault);
  });

  test('no token speaks for the caller without a token, nor for our own processes', () => {
    for (const consumer of ['anonymous', 'commonweal']) expect(() => read({ consumer })).toThrow(ClaimFault);
  });
});

describe('scopes are exact words', () => {
  test.each([
    ['read filter', ['read', 'filter']],
    ['READ Read read:person reader re ad', []],
    ['read:personal filter', ['filter']],
    ['read,filter', []],
    ['read\tfilter\nsort', []],
    ['read\u00a0filter', []],
    ['ｒｅａｄ', []],
    ['  read  read ', ['read']],
    ['constructor __proto__ *', []],
    ['', []],
  ])('%j gives %j', (scope, expected) => expect(read({ scope }).scopes).toEqual(expected));

  test('no scope gives none; one that is no text is refused', () => {
    expect(read({ scope: undefined }).scopes).toEqual([]);
    for (const scope of [['read'], null, 1, { read: true }]) expect(() => read({ scope })).toThrow(ClaimFault);
  });
});

describe('confinement to areas, programs and a person', () => {
  test('absent says nothing, an empty list confines to nothing', () => {
    expect(read({})).toMatchObject({ areas: null, programs: null, person: null });
    expect(read({ areas: [], programs: [] })).toMatchObject({ areas: [], programs: [] });
  });

  test('a wrong type is refused, because taken for absent it would widen', () => {
    for (const value of [null, 'A', '', 0, false, {}, [1], [null], [''], [['A']], ['A\0'], Array.from({ length: 1001 }, () => 'A')]) {
      expect(() => read({ areas: value })).toThrow(ClaimFault);
      expect(() => read({ programs: value })).toThrow(ClaimFault);
    }
  });

  test('a person is a uuid in its one canonical spelling', () => {
    const person = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
    expect(read({ person }).person).toBe(person);
    for (const value of [null, '', 'nobody', person.toUpperCase(), `${person} `, person.replaceAll('-', ''), [person]])
      expect(() => read({ person: value })).toThrow(ClaimFault);
  });
});

describe('purposes and names of claims', () => {
  test('purposes are a list of texts', () => {
    expect(read({ purposes: ['RESEARCH', 'RESEARCH'] }).purposes).toEqual(['RESEARCH']);
    for (const purposes of [undefined, null, 'RESEARCH', [1], {}]) expect(() => read({ purposes })).toThrow(ClaimFault);
  });

  test('claims are read under the names of the configuration, and as own properties only', () => {
    const mapped = { ...names, consumer: 'https://id.example/org', scope: 'toString' };
    expect(readClaims({ ...good, consumer: 'other', 'https://id.example/org': 'clinic' }, mapped)).toMatchObject({
      consumer: 'clinic',
      scopes: [],
    });
  });
});
