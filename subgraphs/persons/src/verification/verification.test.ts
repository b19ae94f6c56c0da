import { randomUUID } from 'node:crypto';
import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testSubgraph } from '@commonweal/kit/testing.ts';
import { hopKey, type Principal, personaPrincipal, referenceSnapshot } from '@commonweal/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ID, startExamples, stopExamples, tellPerson } from '../examples.ts';
import { identifierHash, persons } from '../index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const bank = personaPrincipal('bank', { purpose: 'SERVICE_VERIFICATION' });
const clinic = personaPrincipal('clinic', { purpose: 'SERVICE_VERIFICATION' });
/** A clinic that serves Turkana only. */
const clinicOfTurkana: Principal = { ...clinic, areas: ['KE.23'] };

const QUERY = `query ($value: String!, $birthDate: Date, $surname: String, $program: String!) {
  verifyBeneficiary(identifier: { type: UIN, value: $value }, birthDate: $birthDate, surname: $surname, program: $program) { ticket reference verifiedAt }
}`;
const GUESS = { birthDate: '1960-02-02', program: 'OPCT' };
interface Presented {
  readonly value: string;
  readonly birthDate?: string | null;
  readonly surname?: string | null;
  readonly program?: string;
}
const verify = (as: Principal, presented: Presented) => registry.ask(as, QUERY, { program: 'OPCT', ...presented });
const codeOf = (answer: Awaited<ReturnType<typeof verify>>) => answer.errors?.[0]?.extensions?.code ?? null;
/** What a ticket holds: only the registries can open it. */
async function opened(answer: Awaited<ReturnType<typeof verify>>) {
  const { Sealer } = await import('@commonweal/kit');
  const { ticket } = answer.data!.verifyBeneficiary as { ticket: string };
  return new Sealer(TEST_SECRET, 'ticket').open(ticket, 'verification') as {
    person: string;
    matched: boolean;
    program: string;
    attempt: [string, string];
  };
}
/** What the programs registry says of attempts that it has answered with ACTIVE. */
async function confirm(...answers: Awaited<ReturnType<typeof verify>>[]) {
  const items = await Promise.all(answers.map(async (answer) => (await opened(answer)).attempt));
  await registry.subgraph.receive([{ id: randomUUID(), type: 'verifications.confirmed', subject: randomUUID(), payload: { items } }]);
}
let number = 60_000_000;
/** Somebody new, born on the first day of 1960, with a number of their own. */
async function somebody(of: { area?: string; status?: string } = {}) {
  const value = String(number++);
  return { id: await tellPerson(database, { birth: '1960-01-01', uin: value, surname: "Na'kiru", ...of }), value };
}

beforeAll(async () => {
  ({ database, registry } = await startExamples(inject('adminUrl')));
});
beforeEach(() => {
  registry.statements.length = 0;
});
afterAll(() => stopExamples({ database, registry }));

describe('a person who presents a number', () => {
  it('matches by day of birth, by surname however it is written, and by both', async () => {
    const { id, value } = await somebody();
    for (const details of [{ birthDate: '1960-01-01' }, { surname: 'NAKIRU ' }, { birthDate: '1960-01-01', surname: 'Nákiru' }]) {
      const answer = await verify(clinic, { value, ...details });
      expect(await opened(answer)).toMatchObject({ person: id, matched: true, program: 'OPCT' });
      await confirm(answer);
    }
    expect(await opened(await verify(bank, { value, surname: "Na'kiru" }))).toMatchObject({ person: id, matched: true });
  });

  it('matches by a surname in capitals, or typed on a keyboard without its letters', async () => {
    for (const [surname, ...written] of [
      ['Groß', 'GROSS', 'Gross'],
      ['Ɗanƙaɗe', 'DANKADE'],
      ['Işık', 'IŞIK', 'Isik'],
      ['Đỗ', 'Do'],
      ['Søren-Ærø', 'SORENAERO'],
      ['أحمد', 'احمد'],
    ]) {
      const value = String(number++);
      const id = await tellPerson(database, { uin: value, surname });
      for (const one of [surname, ...written]) {
        const answer = await verify(bank, { value, surname: one });
        expect([one, await opened(answer)]).toMatchObject([one, { person: id, matched: true }]);
        await confirm(answer);
      }
    }
  });

  it('is asked for the number where there is none, instead of losing an attempt of the three', async () => {
    for (const value of ['', ' - ', '12-3', '???']) {
      const answer = await verify(clinic, { value, birthDate: '1960-01-01' });
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'identifier.value' });
    }
  });

  it('is asked again for a day of birth on which nobody was born', async () => {
    const { value } = await somebody();
    for (const birthDate of ['2999-01-01', '1889-12-31', '1960-02-30', '01/01/1960'])
      expect((await verify(clinic, { value, birthDate })).errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: 'birthDate',
      });
    for (let n = 0; n < 3; n++)
      expect(await opened(await verify(clinic, { value, birthDate: '1960-01-01' }))).toMatchObject({ matched: true });
  });

  it('does not match when one of two details is wrong', async () => {
    const { value } = await somebody();
    expect(await opened(await verify(clinic, { value, birthDate: '1960-01-01', surname: 'Somebody' }))).toMatchObject({ matched: false });
  });

  it('does not match when the registration is not active', async () => {
    const { value } = await somebody({ status: 'INACTIVE' });
    expect(await opened(await verify(clinic, { value, birthDate: '1960-01-01' }))).toMatchObject({ matched: false });
  });
});

describe('the answer', () => {
  it('is the same for a match, wrong details, a number of nobody and a person out of reach: in shape, in length and in the statements behind it', async () => {
    const [known, wrong, elsewhere] = [await somebody(), await somebody(), await somebody({ area: 'KE.47.01' })];
    const right = '1960-01-01';
    const asked = {
      match: [known.value, right],
      wrongDetails: [wrong.value, '1960-01-02'],
      nobody: ['99999999', right],
      outOfReach: [elsewhere.value, right],
    } as const;
    const seen: Record<string, unknown> = {};
    const matched: Record<string, boolean> = {};
    for (const [name, [value, birthDate]] of Object.entries(asked)) {
      registry.statements.length = 0;
      const answer = await verify(clinicOfTurkana, { value, birthDate });
      const given = answer.data!.verifyBeneficiary as Record<string, string>;
      const { persons: found, ...report } = answer.extensions!.report as Record<string, unknown> & { persons: string[] };
      seen[name] = {
        errors: answer.errors,
        lengths: Object.entries(given).map(([k, v]) => [k, v.length]),
        statements: [...registry.statements],
        report: { ...report, searched: 1 },
      };
      expect(report.fields).toEqual(['BeneficiaryVerification.status']);
      matched[name] = (await opened(answer)).matched;
      expect(found).toHaveLength(matched[name] ? 1 : 0);
    }
    expect(matched).toEqual({ match: true, wrongDetails: false, nobody: false, outOfReach: false });
    for (const name of Object.keys(asked)) expect(seen[name], name).toEqual(seen.match);
  });

  it('holds nothing that its reader could understand, and never twice the same', async () => {
    const { id, value } = await somebody();
    const tickets = (await Promise.all([1, 2].map(() => verify(clinic, { value, birthDate: '1960-01-01' })))).map(
      (a) => (a.data!.verifyBeneficiary as { ticket: string }).ticket,
    );
    expect(tickets[0]).not.toBe(tickets[1]);
    for (const ticket of tickets) {
      const text = Buffer.from(ticket, 'base64url').toString('latin1');
      for (const secret of [id, id.replaceAll('-', ''), 'true', 'OPCT', value, new References(TEST_SECRET, 'clinic').encode('per', id)])
        expect(text).not.toContain(secret);
    }
  });

  it('is refused by this registry when the ticket was not sealed here', async () => {
    const answer = await registry.ask(
      clinic,
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on BeneficiaryVerification { ticket } } }',
      { r: [{ __typename: 'BeneficiaryVerification', ticket: 'AAAA' }] },
    );
    expect(answer.data?._entities).toEqual([null]);
  });
});

describe('three attempts that are not answered with ACTIVE', () => {
  it('lock the number for every consumer, whether or not anybody has it; the right details do not help', async () => {
    const { value } = await somebody();
    const outcomes: Record<string, unknown[]> = {};
    for (const [name, tried] of [
      ['known', value],
      ['unknown', '98989898'],
    ] as const) {
      const answers = [
        await verify(bank, { value: tried, surname: 'Wrong' }),
        await verify(clinic, { value: tried, birthDate: '1961-01-01' }),
        await verify(bank, { value: tried, surname: 'Wronger' }),
        await verify(clinic, { value: tried, birthDate: '1960-01-01' }),
        await verify(bank, { value: tried, surname: "Na'kiru" }),
      ];
      outcomes[name] = answers.map((a) => [codeOf(a), a.errors?.[0]?.message, a.data?.verifyBeneficiary === null]);
    }
    expect(outcomes.known!.map((o) => (o as unknown[])[0])).toEqual([null, null, null, 'VERIFICATION_LOCKED', 'VERIFICATION_LOCKED']);
    expect(outcomes.unknown).toEqual(outcomes.known);
  });

  it('run the same statements for a number of somebody as for one of nobody, up to the locked answer', async () => {
    const { value } = await somebody();
    const statementsOf = async (tried: string) => {
      registry.statements.length = 0;
      for (let i = 0; i < 4; i++) await verify(clinic, { value: tried, birthDate: '1961-01-01' });
      return [...registry.statements];
    };
    const known = await statementsOf(value);
    expect(await statementsOf('97979797')).toEqual(known);
  });

  it('tell the person, in an event without values', async () => {
    const { id, value } = await somebody();
    for (let i = 0; i < 4; i++) await verify(clinic, { value, birthDate: '1961-01-01' });
    expect(await database.owner('persons')`select type, payload from outbox where subject = ${id}`).toEqual([
      { type: 'verification.locked', payload: { attempts: 3 } },
    ]);
  });

  it('count for a day, and those that the programs registry takes back do not count', async () => {
    const { value } = await somebody();
    const right = () => verify(clinic, { value, birthDate: '1960-01-01' });
    const wrong = () => verify(clinic, { value, birthDate: '1961-01-01' });
    for (const attempt of [wrong, right, right, right, right, wrong, right]) {
      const answer = await attempt();
      expect(codeOf(answer)).toBeNull();
      if (attempt === right) await confirm(answer);
    }
    await wrong();
    expect(codeOf(await right())).toBe('VERIFICATION_LOCKED');
    await database.owner('persons')`update verification set attempted_at = attempted_at - interval '25 hours'`;
    expect(codeOf(await right())).toBeNull();
  });

  it('may all have had the right details: whoever does not receive is locked like a number of nobody, at the same attempt and by the same statements', async () => {
    const { value } = await somebody();
    const outcomes = async (tried: string) => {
      registry.statements.length = 0;
      const codes: unknown[] = [];
      for (let i = 0; i < 6; i++) codes.push(codeOf(await verify(clinic, { value: tried, birthDate: '1960-01-01' })));
      return { codes, statements: [...registry.statements] };
    };
    const notActive = await outcomes(value);
    expect(notActive.codes).toEqual([null, null, null, ...Array(3).fill('VERIFICATION_LOCKED')]);
    expect(await outcomes('96969696')).toEqual(notActive);
  });

  it('are told to the person once, however often the locked number is tried', async () => {
    const { id, value } = await somebody();
    for (let i = 0; i < 9; i++) await verify(clinic, { value, birthDate: '1961-01-01' });
    expect(await database.owner('persons')`select type from outbox where subject = ${id}`).toHaveLength(1);
  });

  it('on one number of a person say nothing of another one: its lock would tell that both are of one person', async () => {
    const { id, value } = await somebody();
    const second = `A${value}`;
    const hash = identifierHash(hopKey(TEST_SECRET, 'identifier-hash'), 'PASSPORT', second);
    await database.owner('persons')`insert into identifier_key (value_hash, person_id) values (${hash}, ${id})`;
    for (let i = 0; i < 4; i++) await verify(clinic, { value, birthDate: '1961-01-01' });
    const query = QUERY.replace('UIN', 'PASSPORT');
    const codes = [];
    for (const tried of [second, 'A00000000'])
      codes.push(codeOf(await registry.ask(clinic, query, { value: tried, birthDate: '1961-01-01', program: 'OPCT' })));
    expect(codes).toEqual([null, null]);
  });

  it('are all that a burst gets through', async () => {
    const { value } = await somebody();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        verify(i % 2 ? clinic : bank, i % 2 ? { value, birthDate: `19${60 + i}-02-02` } : { value, surname: `Guess${i}` }),
      ),
    );
    expect(answers.filter((a) => codeOf(a) === null)).toHaveLength(3);
    expect(answers.filter((a) => codeOf(a) === 'VERIFICATION_LOCKED')).toHaveLength(7);
  });

  it('are all that bursts on many numbers get through, at several processes of this registry at once', async () => {
    const policies = referenceSnapshot({ programs: { OPCT: ID.opct, HSNP: ID.hsnp }, providers: { HIGHLAND: ID.highland } });
    const other = await testSubgraph(persons, database, policies);
    const numbers = Array.from({ length: 8 }, () => String(number++));
    // A connection is opened for each who comes while others wait; these are for the bursts.
    await Promise.all(
      [registry, other].flatMap((r) => Array.from({ length: 8 }, () => r.ask(clinic, QUERY, { ...GUESS, value: String(number++) }))),
    );
    const answers = await Promise.all(
      Array.from({ length: 160 }, async (_, i) => {
        // In another order at each of them: who waits for whom must not depend on it.
        const turn = Math.floor(i / 2) % 8;
        const value = numbers[i % 2 ? turn : 7 - turn]!;
        const details = i % 4 < 2 ? { birthDate: '1960-02-02' } : { surname: 'Guess' };
        return [value, codeOf(await (i % 2 ? registry : other).ask(clinic, QUERY, { program: 'OPCT', value, ...details }))] as const;
      }),
    );
    await other.stop();
    const through = numbers.map((value) => answers.filter(([n, code]) => n === value && code === null).length);
    expect(through).toEqual(numbers.map(() => 3));
    expect(answers.filter(([, code]) => code === 'VERIFICATION_LOCKED')).toHaveLength(160 - 3 * numbers.length);
  });

  it('on one number leave another one free', async () => {
    const [one, other] = [await somebody(), await somebody()];
    for (let i = 0; i < 3; i++) await verify(clinic, { value: one.value, birthDate: '1961-01-01' });
    expect(codeOf(await verify(clinic, { value: other.value, birthDate: '1960-01-01' }))).toBeNull();
  });
});

describe('is refused before anything is written', () => {
  it.each<[string, Principal, Presented, string]>([
    ['a number alone', clinic, { value: '11111111' }, 'BAD_USER_INPUT'],
    ['details that are null', clinic, { value: '11111111', birthDate: null, surname: null }, 'BAD_USER_INPUT'],
    ['a surname of signs only', bank, { value: '11111111', surname: '%_*' }, 'BAD_USER_INPUT'],
    ['a day that does not exist', clinic, { value: '11111111', birthDate: '1951-02-30' }, 'BAD_USER_INPUT'],
    ['a part of a day', clinic, { value: '11111111', birthDate: '1951' }, 'BAD_USER_INPUT'],
    ['a program that is no code', clinic, { value: '11111111', birthDate: '1951-03-04', program: 'OPCT\u0000' }, 'BAD_USER_INPUT'],
    ['a detail that the consumer may not verify', bank, { value: '11111111', birthDate: '1951-03-04' }, 'FORBIDDEN_INPUT'],
    ['a purpose that is not this one', personaPrincipal('bank'), { value: '11111111', surname: 'Ekiru' }, 'FORBIDDEN_FIELD'],
  ])('%s', async (_, as, presented, code) => {
    const answer = await verify(as, presented);
    expect([codeOf(answer), answer.data?.verifyBeneficiary]).toEqual([code, null]);
    expect(registry.statements).toEqual([]);
  });
});
