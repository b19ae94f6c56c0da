import { type ReferenceKind, References } from '@commonweal/kit';
import { PERSONAS, REFERENCE_CONSUMERS } from '@commonweal/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Answer, freshKey, startTestSystem, type TestSystem } from '../system.ts';

/** Attacks that ask for nothing hidden and try to work it out: by conditions, orders, counts, references, cursors, errors and writes. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem(inject('adminUrl'), { households: 250 });
}, 120_000);
beforeEach(() => {
  system.fetches.length = 0;
});
afterAll(() => system?.stop());

const code = (answer: Answer) => answer.errors?.[0]?.extensions.code ?? null;
const owner = (name: 'persons' | 'programs' | 'payments' | 'consent') => system.database.owner(name);
const groupOf = (persona: string) => {
  const consumer = REFERENCE_CONSUMERS.find((c) => c.id === PERSONAS[persona]!.consumer)!;
  return consumer.outsideGovernment ? consumer.id : 'government';
};
const reference = (persona: string, kind: ReferenceKind, id: unknown, person?: unknown) =>
  new References(system.secret, groupOf(persona)).encode(kind, String(id), typeof person === 'string' ? person : undefined);
const ABSENT = '99999999-9999-4999-8999-999999999999';

describe('a condition or an order by what may not be seen (59-62)', () => {
  const PEOPLE = 'query ($f: PersonFilter) { persons(filter: $f, first: 1) { nodes { id } pageInfo { hasNextPage } totalCount } }';
  const HIDDEN = [
    '{ incomeLevel: [NONE] }',
    '{ disabilityType: [VIS] }',
    '{ employmentStatus: [] }',
    '{ household: { scoreBand: [POOREST] } }',
  ];
  const NESTED = [
    (c: string) => c,
    (c: string) => `{ and: [{ sex: [MALE] }, ${c}] }`,
    (c: string) => `{ or: [${c}] }`,
    (c: string) => `{ not: ${c} }`,
    (c: string) => `{ and: [{ or: [{ not: { and: [${c}] } }] }] }`,
  ];
  const asJson = (text: string) => JSON.parse(text.replace(/(\w+):/g, '"$1":').replace(/\[([A-Z]+)\]/g, '["$1"]'));

  it('is refused as a whole, as a literal and in a variable, at every depth', async () => {
    for (const hidden of HIDDEN) {
      for (const nest of NESTED) {
        const filter = nest(hidden);
        for (const answer of [
          await system.ask('field-worker', PEOPLE.replace('($f: PersonFilter)', '').replace('$f', filter)),
          await system.ask('field-worker', PEOPLE, { f: asJson(filter) }),
        ])
          expect({ filter, code: code(answer), data: answer.data }).toEqual({ filter, code: 'FORBIDDEN_INPUT', data: undefined });
        expect(['GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']).toContain(code(await system.ask('bank', PEOPLE, { f: asJson(filter) })));
      }
    }
    for (const f of [{ incomeLevel: null }, { household: { scoreBand: null } }, { or: [{ disabilityType: null }] }])
      expect(code(await system.ask('field-worker', PEOPLE, { f }))).toBe('FORBIDDEN_INPUT');
    for (const query of [
      'query ($b: [ScoreBand!] = [POOREST]) { persons(filter: { household: { scoreBand: $b } }) { nodes { id } } }',
      'query ($h: HouseholdFilter = { scoreBand: [POOR] }) { persons(filter: { household: $h }) { nodes { id } } }',
      '{ persons(orderBy: { by: SURNAME }) { nodes { id } } }',
      'query ($o: PersonOrderField = BIRTH_DATE) { persons(orderBy: { by: $o }) { nodes { id } } }',
      '{ households(orderBy: { by: SCORE }) { nodes { id } } }',
      '{ household(id: "x") { id } persons(filter: { surnameStartsWith: "abc", incomeLevel: [LOW] }) { nodes { id } } }',
    ])
      expect({ query, code: code(await system.ask('field-worker', query)) }).toEqual({ query, code: 'FORBIDDEN_INPUT' });
    expect(system.fetches).toEqual([]);
  });

  it('that needs consent finds nobody: a row found would tell what a row shown may not', async () => {
    const made = await owner(
      'persons',
    )`update person set disability_types = '{VIS}', disability_severities = '{2}' where person_id = (select person_id from person where area_path <@ 'KE.23' limit 1) returning 1`;
    expect(made).toHaveLength(1);
    const answer = await system.ask(
      'case-worker',
      '{ persons(filter: { disabilityType: [VIS, HEAR, MOB, COG, SC, COM_SS] }, first: 5) { nodes { id } totalCount } }',
    );
    expect(answer.data?.persons?.nodes ?? []).toEqual([]);
  });

  it('by name takes three letters, whatever they look like', async () => {
    for (const text of ['a', 'ab', '%%%', '___', 'a b', "a'-", '.*.*', 'ａｂ', 'e\u0301e\u0301', '\u0000\u0000a'])
      expect({
        text,
        code: code(
          await system.ask(
            'case-worker',
            '{ persons(filter: { surnameStartsWith: $t }) { nodes { id } } }'.replace('$t', JSON.stringify(text)),
          ),
        ),
      }).toEqual({ text, code: 'BAD_USER_INPUT' });
    expect(
      (await system.ask('case-worker', '{ persons(filter: { surnameStartsWith: "Lok\' or 1=1 --" }) { nodes { id } } }')).data.persons
        .nodes,
    ).toEqual([]);
  });

  it('is no invention of the caller: there are no thresholds to choose (84)', async () => {
    for (const field of ['incomeAbove(x: 5)', 'averageIncome', 'ageOver(years: 60)', 'povertyScore { valueAbove(x: 3) }'])
      expect(code(await system.ask('case-worker', `{ persons { nodes { ${field} } } }`))).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('a reference to what the caller may not know of (71, 79, 86)', () => {
  it('is answered byte for byte like one to nothing, with the same headers', async () => {
    const one = async (name: 'persons' | 'programs' | 'payments' | 'consent', text: string): Promise<Record<string, unknown>> =>
      (await owner(name).unsafe(text))[0]!;
    const [far, farHome] = [
      await one('persons', "select person_id as id from person where area_path <@ 'KE.47' limit 1"),
      await one('persons', "select household_id as id from household where area_path <@ 'KE.47' limit 1"),
    ];
    const other = await one(
      'programs',
      "select enrollment_id as id, person_id as owner from enrollment e join program using (program_id) where code not in ('OPCT', 'HSNP') limit 1",
    );
    const sensitive = await one('programs', 'select enrollment_id as id, person_id as owner from enrollment where sensitive limit 1');
    const elsewhere = await one(
      'payments',
      "select payment_id as id, person_id as owner from payment where provider_id <> (select provider_id from provider where code = 'HIGHLAND') limit 1",
    );
    const hiddenProgram = await one('programs', 'select program_id as id, code from program where sensitive limit 1');
    const hiddenConsent = await one(
      'consent',
      "select consent_id as id, person_id as owner from consent_record where recipient_id = 'clinic' limit 1",
    );
    const cases: [string, string, ReferenceKind, Record<string, unknown>, string?][] = [
      ['case-worker', 'person', 'per', far],
      ['field-worker', 'person', 'per', far],
      ['case-worker', 'household', 'hh', farHome],
      ['clinic', 'person', 'per', far, 'HEALTH_SERVICE'],
      ['program-admin', 'enrollment', 'enr', other],
      ['program-admin-2', 'enrollment', 'enr', other],
      ['case-worker', 'enrollment', 'enr', sensitive],
      ['bank', 'payment', 'pay', elsewhere],
      ['bank', 'consentRecord', 'con', hiddenConsent],
      ['case-worker', 'program', 'prg', hiddenProgram],
      ['bank', 'program', 'prg', hiddenProgram],
      ['anonymous', 'program', 'prg', hiddenProgram],
      ['beneficiary', 'person', 'per', far],
    ];
    for (const [persona, field, kind, row, purpose] of cases) {
      const forged = reference(persona === 'bank' ? 'case-worker' : 'bank', kind, row.id, row.owner);
      const answers: { name: string; text: string; headers: string }[] = [];
      for (const [name, id] of Object.entries({
        hidden: reference(persona, kind, row.id, row.owner),
        absent: reference(persona, kind, ABSENT, row.owner && ABSENT),
        ofAnother: forged,
        internal: String(row.id),
        nonsense: `${kind}_x`,
        prefix: 'per',
        empty: '',
      })) {
        for (const door of [field, 'node']) {
          const answer = await system.ask(
            persona,
            `query ($id: ID!) { it: ${door}(id: $id) { __typename id } }`,
            { id },
            purpose ? { purpose } : {},
          );
          const { date: _date, 'x-request-id': _, 'keep-alive': __, ...headers } = Object.fromEntries(answer.headers);
          answers.push({ name: `${door} ${name}`, text: answer.text, headers: JSON.stringify(headers) });
        }
      }
      expect({
        persona,
        field,
        different: answers.filter((a) => a.text !== answers[0]!.text || a.headers !== answers[0]!.headers),
      }).toEqual({ persona, field, different: [] });
      expect(answers[0]!.text).toContain('"it":null');
    }
  });

  it('has nothing in it to count with', async () => {
    const ids = (await system.ask('case-worker', '{ persons(first: 100) { nodes { id } } }')).data.persons.nodes.map(
      (n: { id: string }) => n.id,
    ) as string[];
    expect(new Set(ids.map((i) => i.length)).size).toBe(1);
    for (const id of ids.slice(0, 5)) {
      const near = `${id.slice(0, -1)}${id.endsWith('A') ? 'Q' : 'A'}`;
      expect((await system.ask('case-worker', `{ person(id: "${near}") { id } }`)).data.person).toBeNull();
    }
    const bank = (await system.ask('bank', '{ persons(first: 100) { nodes { id } } }')).data.persons.nodes.map(
      (n: { id: string }) => n.id,
    ) as string[];
    expect(ids.filter((i) => bank.includes(i))).toEqual([]);
  });
});

describe('a number of somebody in another county (72, 75)', () => {
  const register = (value: string) =>
    system.ask(
      'case-worker',
      `mutation ($v: String!) { registerPerson(key: "${freshKey()}", input: { name: { surname: "Probe", given: "Ana" }, sex: FEMALE, birthDate: "1990-01-01", area: "KE.23", identifiers: [{ type: UIN, value: $v }] }) { receipt { number personId } refusals { code } } }`,
      { v: value },
    );

  it('tells nothing when it is registered again: not in the answer, not in what is read back, not when it is looked up', async () => {
    const [known] = await owner(
      'persons',
    )`select i.value, i.person_id from identifier i join person p using (person_id) where i.type = 'UIN' and p.area_path <@ 'KE.47' limit 1`;
    const READ =
      '{ id status registeredAt updatedAt sex name { full } source { system takenOn } area { code } household { id } memberships { nodes { relationship } } enrollments { nodes { id } } overlap(program: "OPCT") consents { nodes { id } } }';
    const shapes: unknown[] = [];
    for (const value of [String(known!.value), '76543219']) {
      const { personId, number } = (await register(value)).data.registerPerson.receipt;
      const [internal] = await owner('persons')`select person_id from person where surname = 'Probe' order by registered_at desc limit 1`;
      expect(String(internal!.person_id).toUpperCase()).not.toContain(number.slice(2));
      await system.registries.settle();
      const byReference = await system.ask('case-worker', `{ person(id: "${personId}") ${READ} }`);
      const byNumber = await system.ask(
        'case-worker',
        `query ($v: String!) { personByIdentifier(identifier: { type: UIN, value: $v }) ${READ} }`,
        { v: value },
      );
      expect(byNumber.data.personByIdentifier).toEqual(byReference.data.person);
      const inList = await system.ask(
        'case-worker',
        '{ persons(first: 100, filter: { surnameStartsWith: "Probe", status: [ACTIVE] }) { nodes { id } } }',
      );
      expect(inList.data.persons.nodes.map((n: { id: string }) => n.id)).toContain(personId);
      shapes.push({ ...byReference.data.person, id: '', registeredAt: '', updatedAt: '' });
    }
    expect(shapes[0]).toEqual(shapes[1]);
    // The first owner keeps it, and who may know of both finds the owner.
    const [kept] = await owner('persons')`select count(*)::int as n from identifier_key where person_id = ${known!.person_id}`;
    expect(kept!.n).toBeGreaterThan(0);
    const waiting = await owner('persons')`select 1 from registration_review r join person p using (person_id) where p.surname = 'Probe'`;
    expect(waiting).toHaveLength(1);
  });

  it('cannot be guessed from: one detail is not enough, three wrong guesses lock it for all, and the person is told (73, 74)', async () => {
    const { uin, surname } = system.demo.examples;
    const verify = (persona: string, details: string, value = uin) =>
      system.ask(
        persona,
        `{ verifyBeneficiary(identifier: { type: UIN, value: "${value}" } ${details} program: "OPCT") { status } }`,
        undefined,
        { purpose: 'SERVICE_VERIFICATION' },
      );
    expect(code(await verify('clinic', ''))).toBe('BAD_USER_INPUT');
    for (const wild of [
      'surname: "%"',
      'surname: "*"',
      'surname: ""',
      'birthDate: "%"',
      'birthDate: "1953-__-__"',
      'birthDate: "0000-00-00"',
      'surname: null',
    ])
      expect(['BAD_USER_INPUT']).toContain(code(await verify('clinic', wild)));
    const told = [];
    for (const persona of ['clinic', 'bank', 'clinic'])
      told.push((await verify(persona, 'surname: "Nobodyelse"')).data.verifyBeneficiary.status);
    expect(told).toEqual(['NOT_ACTIVE', 'NOT_ACTIVE', 'NOT_ACTIVE']);
    // Locked now, with the right details too, however the number is written.
    for (const value of [uin!, `${uin!.slice(0, 3)} ${uin!.slice(3)}`, ` ${uin}-`])
      expect(code(await verify('bank', `surname: "${surname}"`, value))).toBe('VERIFICATION_LOCKED');
    const [event] = await owner(
      'persons',
    )`select subject from outbox where type = 'verification.locked' and subject = ${system.demo.demoBeneficiary}`;
    expect(event).toBeDefined();
    // Many guesses in one request are as many guesses.
    const many = `{ ${Array.from({ length: 6 }, (_, i) => `a${i}: verifyBeneficiary(identifier: { type: UIN, value: "44556677" }, surname: "Guess${i}", program: "OPCT") { status }`).join(' ')} }`;
    const answer = await system.ask('clinic', many, undefined, { purpose: 'SERVICE_VERIFICATION' });
    expect(Object.values(answer.data).filter((v) => v === null)).toHaveLength(3);
  });
});

describe('a cursor (76)', () => {
  it('is of one caller, one purpose and one list, and shows nothing of the row', async () => {
    const ask = (persona: string, query: string, after?: string, purpose?: string) =>
      system.ask(persona, query, after === undefined ? {} : { after }, purpose ? { purpose } : {});
    const bySurname =
      'query ($after: String) { persons(orderBy: { by: SURNAME }, first: 1, after: $after) { nodes { name { surname } } pageInfo { endCursor } } }';
    const first = (await ask('case-worker', bySurname)).data.persons;
    const cursor = first.pageInfo.endCursor as string;
    expect(code(await ask('case-worker', bySurname, cursor))).toBeNull();
    for (const text of [cursor, Buffer.from(cursor, 'base64url').toString('latin1')])
      expect(text.toLowerCase()).not.toContain(first.nodes[0].name.surname.toLowerCase());
    const edited = `${cursor.slice(0, 30)}${cursor[30] === 'A' ? 'B' : 'A'}${cursor.slice(31)}`;
    const bank = (await ask('bank', '{ payments(first: 1) { pageInfo { endCursor } } }')).data.payments.pageInfo.endCursor as string;
    for (const [persona, query, after, purpose] of [
      ['program-admin', bySurname, cursor],
      ['program-admin', bySurname, cursor, 'PROGRAM_MANAGEMENT.ELIGIBILITY'],
      ['case-worker', bySurname, edited],
      ['case-worker', bySurname, bank],
      ['case-worker', bySurname, cursor.slice(0, -2)],
      ['case-worker', bySurname, Buffer.from('["a","b","00000000-0000-4000-8000-000000000000"]').toString('base64url')],
      ['case-worker', bySurname, ''],
      ['case-worker', bySurname.replace('SURNAME', 'BIRTH_DATE'), cursor],
      ['case-worker', bySurname.replace('by: SURNAME', 'by: SURNAME, descending: true'), cursor],
      ['case-worker', bySurname.replace('first: 1', 'first: 1, filter: { sex: [MALE] }'), cursor],
      ['case-worker', 'query ($after: String) { households(first: 1, after: $after) { nodes { id } } }', cursor],
      ['field-worker', 'query ($after: String) { persons(first: 1, after: $after) { nodes { id } } }', cursor],
    ] as const) {
      const answer = await ask(persona, query, after, purpose);
      expect(['INVALID_CURSOR', 'FORBIDDEN_INPUT']).toContain(code(answer));
      expect(answer.data?.persons ?? null).toBeNull();
    }
  });
});

describe('an error (77)', () => {
  it('holds nothing of what was sent, of the database or of where it arose', async () => {
    const CANARY = 'CANARY-77-90210';
    const variables = { c: CANARY };
    const attacks: [string, string, Record<string, unknown>?][] = [
      ['case-worker', 'query ($c: ID!) { person(id: $c) { id } node(id: $c) { id } area(code: $c) { name } }', variables],
      ['case-worker', 'query ($c: String!) { personByIdentifier(identifier: { type: UIN, value: $c }) { id } }', variables],
      ['case-worker', 'query ($c: String!) { persons(first: 2) { nodes { overlap(program: $c) } } }', { c: `${CANARY}\u0000` }],
      ['case-worker', 'query ($c: String!) { enrollments(filter: { program: $c }) { nodes { id } } }', { c: `\u0000${CANARY}` }],
      ['case-worker', 'query ($c: Date) { households(first: 1) { nodes { members(asOf: $c) { nodes { relationship } } } } }', variables],
      [
        'case-worker',
        'query ($c: Date) { households(first: 1) { nodes { members(asOf: $c) { nodes { relationship } } } } }',
        { c: { a: [CANARY] } },
      ],
      ['case-worker', 'query ($c: String) { persons(after: $c) { nodes { id } } }', variables],
      ['bank', 'query ($c: Date) { payments(filter: { dueFrom: $c }) { nodes { id } } }', variables],
      ['bank', 'query ($c: ID) { payments(filter: { recipient: $c }) { nodes { id } } }', variables],
      ['auditor', 'query ($c: DateTime) { accessLog(filter: { from: $c }) { nodes { at } } }', variables],
      ['official', 'query ($c: ID) { coverage(under: $c) { asOf } }', variables],
      [
        'clinic',
        `{ verifyBeneficiary(identifier: { type: UIN, value: "${CANARY}" }, birthDate: "2000-13-45", program: "\\u0000") { status } }`,
      ],
      [
        'case-worker',
        `mutation ($c: String!) { registerPerson(key: $c, input: { name: { surname: $c, given: "\\u0000" }, sex: MALE, birthDate: "1990-02-30", area: "${CANARY}", phones: ["${CANARY}"] }) { refusals { code message path } } }`,
        variables,
      ],
      [
        'case-worker',
        `mutation { enroll(key: "\\u0000${CANARY}", input: { person: "per_x", program: "${CANARY}", startsOn: "2020-99-99" }) { refusals { code message } } }`,
      ],
      ['case-worker', '{ persons(filter: { area: "a.b.c.d.e.f.g.h.i.j" }) { nodes { id } } }'],
    ];
    for (const [persona, query, given] of attacks) {
      const answer = await system.ask(persona, query, given, persona === 'clinic' ? { purpose: 'SERVICE_VERIFICATION' } : {});
      const errors = JSON.stringify([answer.errors ?? [], answer.data?.registerPerson ?? null, answer.data?.enroll ?? null]);
      expect({ query, errors }).toEqual({
        query,
        errors: expect.not.stringMatching(
          /CANARY|90210|select |insert |syntax|invalid input|postgres|serviceName|stack|at \/|node_modules|exception|relation |column |persons\.|constraint/i,
        ),
      });
    }
    // A text of the document may quote the document: it never quotes what the registries know.
    const parse = await system.ask('case-worker', `{ persons(first: "${CANARY}") { `);
    expect(parse.errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_PARSE_FAILED' });
    expect(system.logText()).not.toContain('CANARY');
  });
});

describe('a count (64, 78)', () => {
  it('is rounded to tens, and none under ten, by whatever condition', async () => {
    const kinds = [
      '{}',
      '{ sex: [FEMALE] }',
      '{ surnameStartsWith: "kip" }',
      '{ ageBand: [AGE_70_PLUS] }',
      '{ and: [{ sex: [MALE] }, { area: "KE.23.01" }] }',
      '{ not: { sex: [MALE, FEMALE] } }',
    ];
    for (const filter of kinds) {
      const { data } = await system.ask('program-admin', `{ persons(filter: ${filter}, first: 1) { totalCount } }`);
      const n = data.persons?.totalCount ?? null;
      expect({ filter, n }).toEqual({ filter, n: expect.toSatisfy((x: number | null) => x === null || (x >= 10 && x % 10 === 0)) });
    }
  });

  it('of coverage is the same by every way to ask for it, and tells of no small group by a difference', async () => {
    const cells = async (persona: string, args: string) => {
      const { data } = await system.ask(
        persona,
        `{ coverage${args} { cells { program { code } area { code } beneficiaries suppressed } } }`,
      );
      return new Map(
        (data.coverage.cells as { program: { code: string }; area: { code: string }; beneficiaries: number | null }[]).map((c) => [
          `${c.program?.code} ${c.area.code}`,
          c.beneficiaries,
        ]),
      );
    };
    const all = await cells('official', '(under: "KE")');
    const programs = [...new Set([...all.keys()].map((k) => k.split(' ')[0]!))];
    for (const p of programs)
      for (const [key, n] of await cells('official', `(under: "KE", programs: ["${p}"])`))
        expect({ key, n }).toEqual({ key, n: all.get(key) });
    for (const [key, n] of await cells('analyst', '(under: "KE")')) expect({ key, n }).toEqual({ key, n: all.get(key) });
    for (const [key, n] of await cells('program-admin', '(under: "KE")')) expect({ key, n }).toEqual({ key, n: all.get(key) });
    // A county that is held back is not the sum of its parts, and a held back part is not what the others leave of its county.
    const truth = new Map(
      (
        await owner(
          'programs',
        )`select code || ' ' || area_path::text as key, sum(n)::int as n from (select code, subpath(area_path, 0, 2) as area_path, 1 as n from enrollment e join program using (program_id) where e.status = 'ENROLLED' and not e.sensitive) x group by 1`
      ).map((r) => [r.key as string, r.n as number]),
    );
    for (const county of [...new Set([...all.keys()].map((k) => k.split(' ')[1]!))].slice(0, 12)) {
      const parts = await cells('official', `(under: "${county}")`);
      for (const p of programs) {
        const line = [...parts].filter(([k]) => k.startsWith(`${p} `)).map(([, n]) => n);
        const above = all.get(`${p} ${county}`) ?? null;
        const heldBack = line.filter((n) => n === null).length;
        if (above !== null && heldBack > 0)
          expect({ p, county, heldBack }).toEqual({ p, county, heldBack: expect.toSatisfy((n: number) => n > 1) });
        if (above === null && (truth.get(`${p} ${county}`) ?? 0) > 0 && line.length > 0)
          expect({ p, county, heldBack: heldBack > 0 }).toEqual({ p, county, heldBack: true });
      }
    }
    expect(await cells('official', '(under: "KE.99")')).toEqual(new Map());
    expect(await cells('official', '(under: "KE", programs: [])')).toEqual(new Map());
  });
});

describe('a sensitive program (82)', () => {
  it('does not exist for whoever has no policy that names it: by code, by name, by a filter, by an overlap or by a write', async () => {
    const [hidden] = await owner('programs')`select program_id, code, name from program where sensitive limit 1`;
    const secret = String(hidden!.code);
    const [member] = await owner('programs')`select person_id from enrollment where program_id = ${hidden!.program_id} limit 1`;
    const same = async (persona: string, query: (code: string) => string, purpose?: string) => {
      const answers = [];
      for (const program of [secret, 'X'.repeat(secret.length)])
        answers.push((await system.ask(persona, query(program), undefined, purpose ? { purpose } : {})).text.replaceAll(program, '*'));
      expect({ persona, text: answers[0] }).toEqual({ persona, text: answers[1] });
    };
    for (const persona of [
      'case-worker',
      'program-admin',
      'bank',
      'official',
      'analyst',
      'anonymous',
      'field-worker',
      'auditor',
      'system-admin',
    ]) {
      await same(persona, (p) => `{ program(code: "${p}") { id code name } }`);
      const list = await system.ask(persona, '{ programs(first: 100) { nodes { id code name compatibilities { with { code name } } } } }');
      expect(list.text).not.toContain(`"${secret}"`);
      expect(list.text).not.toContain(String(hidden!.name));
    }
    for (const persona of ['official', 'analyst'])
      await same(persona, (p) => `{ coverage(programs: ["${p}"]) { cells { program { code } area { code } beneficiaries } } }`);
    for (const persona of ['case-worker', 'program-admin']) {
      await same(persona, (p) => `{ enrollments(filter: { program: "${p}" }) { nodes { id } totalCount } }`);
      await same(persona, (p) => `{ payments(filter: { program: "${p}" }) { nodes { id } totalCount } }`);
      await same(persona, (p) => `{ person(id: "${reference(persona, 'per', member!.person_id)}") { overlap(program: "${p}") } }`);
      await same(
        persona,
        (p) =>
          `mutation { enroll(key: "${freshKey()}", input: { person: "${reference(persona, 'per', member!.person_id)}", program: "${p}", startsOn: "2026-01-01" }) { enrollment { id } refusals { code message path } } }`,
      );
    }
    // With the right number and the right name of somebody who is in it.
    const [presented] = await owner(
      'persons',
    )`select i.value, p.surname from identifier i join person p using (person_id) where p.person_id = ${member!.person_id} and i.type = 'UIN' and p.status = 'ACTIVE'`;
    const { value, surname } = presented ?? { value: '00001111', surname: 'Nobody' };
    for (const persona of ['clinic', 'bank']) {
      // Four tries with somebody who does not receive would lock the number: that is another test.
      await owner('persons')`delete from verification`;
      await same(
        persona,
        (p) => `{ verifyBeneficiary(identifier: { type: UIN, value: "${value}" }, surname: "${surname}", program: "${p}") { status } }`,
        'SERVICE_VERIFICATION',
      );
    }
    // Nor does who is in nothing else seem to be in something: the overlap with it is NONE, like anybody's.
    const rows = await owner(
      'programs',
    )`select person_id from enrollment e where program_id = ${hidden!.program_id} and exists (select 1 from enrollment o join program p using (program_id) where o.person_id = e.person_id and p.code = 'OPCT')
      and not exists (select 1 from enrollment o join program p using (program_id) where o.person_id = e.person_id and p.code <> 'OPCT' and not p.sensitive) limit 3`;
    for (const row of rows) {
      const { data } = await system.ask(
        'program-admin',
        `{ person(id: "${reference('program-admin', 'per', row.person_id)}") { overlap(program: "OPCT") } }`,
      );
      expect(data.person?.overlap ?? 'NONE').toBe('NONE');
    }
  });
});

describe('an overlap', () => {
  it('is told for the own program only: an office cannot ask by the code of another', async () => {
    const rows = await owner(
      'programs',
    )`select a.person_id from enrollment a join program p on p.program_id = a.program_id and p.code = 'OPCT' limit 5`;
    for (const { person_id } of rows) {
      const answer = await system.ask(
        'program-admin',
        `{ person(id: "${reference('program-admin', 'per', person_id)}") { own: overlap(program: "OPCT") other: overlap(program: "HSNP") none: overlap(program: "XYZZY") } }`,
      );
      expect(answer.data.person).toEqual({ own: expect.stringMatching(/^(NONE|SAME_TYPE|OTHER)$/), other: null, none: null });
      const assessing = await system.ask(
        'program-admin',
        `{ person(id: "${reference('program-admin', 'per', person_id)}") { overlap(program: "HSNP") } }`,
        undefined,
        { purpose: 'PROGRAM_MANAGEMENT.ELIGIBILITY' },
      );
      expect(assessing.data.person?.overlap ?? null).toBeNull();
    }
  });
});

describe('a write on what the caller may not know of (85)', () => {
  it('is refused in the same words as one on nothing', async () => {
    const [far] = await owner(
      'persons',
    )`select person_id as id, household_id as home from person where area_path <@ 'KE.47' and household_id is not null limit 1`;
    const [other] = await owner(
      'programs',
    )`select enrollment_id as id, person_id as owner from enrollment join program using (program_id) where code = 'HSNP' and enrollment.status = 'ENROLLED' limit 1`;
    const [payment] = await owner(
      'payments',
    )`select payment_id as id, person_id as owner from payment where provider_id <> (select provider_id from provider where code = 'HIGHLAND') and status = 'SENT' limit 1`;
    const [consent] = await owner(
      'consent',
    )`select consent_id as id, person_id as owner from consent_record where area_path <@ 'KE.47' limit 1`;
    const pairs: [string, ReferenceKind, Record<string, unknown> | undefined, (id: string) => string][] = [
      [
        'case-worker',
        'per',
        far,
        (id) =>
          `changeMembership(key: "${freshKey()}", input: { person: "${id}", validFrom: "2020-01-01" }) { refusals { code message path } }`,
      ],
      [
        'case-worker',
        'per',
        far,
        (id) =>
          `registerHousehold(key: "${freshKey()}", input: { area: "KE.23", members: [{ person: "${id}", relationship: HEAD }] }) { refusals { code message path } }`,
      ],
      [
        'case-worker',
        'per',
        far,
        (id) =>
          `enroll(key: "${freshKey()}", input: { person: "${id}", program: "OPCT", startsOn: "2026-01-01" }) { refusals { code message path } }`,
      ],
      [
        'case-worker',
        'per',
        far,
        (id) =>
          `recordConsent(key: "${freshKey()}", input: { person: "${id}", agreement: "HEALTH", agreementVersion: 1, recipient: "clinic", purpose: "HEALTH_SERVICE", categories: [NAME], method: SPOKEN }) { refusals { code message path } }`,
      ],
      [
        'program-admin',
        'enr',
        other,
        (id) =>
          `changeEnrollmentStatus(key: "${freshKey()}", input: { enrollment: "${id}", to: EXITED, reason: OWN_WISH, on: "2026-01-01" }) { refusals { code message path } }`,
      ],
      [
        'bank',
        'pay',
        payment,
        (id) =>
          `recordPaymentStatus(key: "${freshKey()}", input: { payment: "${id}", status: DELIVERED, occurredAt: "2026-01-01T00:00:00Z" }) { refusals { code message path } }`,
      ],
      [
        'case-worker',
        'con',
        consent,
        (id) => `withdrawConsent(key: "${freshKey()}", input: { consent: "${id}" }) { refusals { code message path } }`,
      ],
      [
        'beneficiary',
        'con',
        consent,
        (id) => `withdrawConsent(key: "${freshKey()}", input: { consent: "${id}" }) { refusals { code message path } }`,
      ],
      [
        'beneficiary',
        'per',
        far,
        (id) =>
          `recordConsent(key: "${freshKey()}", input: { person: "${id}", agreement: "HEALTH", agreementVersion: 1, recipient: "clinic", purpose: "HEALTH_SERVICE", categories: [NAME], method: ONLINE }) { refusals { code message path } }`,
      ],
    ];
    for (const [persona, kind, row, mutation] of pairs) {
      expect(row).toBeDefined();
      const texts: string[] = [];
      for (const id of [reference(persona, kind, row!.id, row!.owner), reference(persona, kind, ABSENT, row!.owner && ABSENT), 'nonsense'])
        texts.push((await system.ask(persona, `mutation { w: ${mutation(id)} }`)).text);
      expect({ persona, kind, first: texts[0], different: texts.filter((t) => t !== texts[0]) }).toEqual({
        persona,
        kind,
        first: expect.stringContaining('NOT_AVAILABLE'),
        different: [],
      });
    }
  });
});
