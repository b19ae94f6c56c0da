import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../system.ts';

/** Whoever may verify tries to learn more than that: whether a number is somebody's, and whether details are right, of people who receive nothing. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem(inject('adminUrl'), { households: 250 });
}, 120_000);
afterAll(() => system?.stop());

interface Details {
  readonly value: string;
  readonly birthDate: string;
  readonly surname: string;
}
const verify = (persona: string, { value, birthDate, surname }: Details, program = 'OPCT') =>
  system.ask(
    persona,
    `query ($value: String!, ${persona === 'bank' ? '' : '$birthDate: Date, '}$surname: String, $program: String!) {
      verifyBeneficiary(identifier: { type: UIN, value: $value }, ${persona === 'bank' ? '' : 'birthDate: $birthDate, '}surname: $surname, program: $program) { status reference verifiedAt }
    }`,
    { value, surname, program, ...(persona === 'bank' ? {} : { birthDate }) },
    { purpose: 'SERVICE_VERIFICATION' },
  );
/** All that a caller sees of an answer, but for what differs each time. */
const heard = ({ status, data, errors }: Answer) => ({
  status,
  told: data?.verifyBeneficiary?.status ?? null,
  lengths: Object.values(data?.verifyBeneficiary ?? {}).map((v) => String(v).length),
  errors: errors?.map((e) => [e.message, e.extensions.code]),
});
/** Six tries with the same details, by two providers in turns. */
async function tries(details: Details, program?: string) {
  const answers = [];
  for (let n = 0; n < 6; n++) answers.push(heard(await verify(n % 2 ? 'bank' : 'clinic', details, program)));
  return answers;
}
/** People with a number who are registered and receive nothing, each for one attack. */
async function idle(count: number): Promise<Details[]> {
  const receiving = await system.database.owner('programs')`select distinct person_id as id from enrollment`;
  const rows = await system.database.owner('persons')`
    select i.value, p.birth_date::text as "birthDate", p.surname from person p join identifier i on i.person_id = p.person_id and i.type = 'UIN'
    join identifier_key k on k.person_id = p.person_id
    where p.status = 'ACTIVE' and p.person_id <> all (${receiving.map((r) => r.id as string)}::uuid[]) group by 1, 2, 3 order by 1 limit ${count}`;
  expect(rows).toHaveLength(count);
  return rows.map((row) => ({ ...row }) as unknown as Details);
}

describe('four tries', () => {
  it('do not tell right details of somebody who receives nothing from wrong ones, nor from a number of nobody', async () => {
    const [right, wrong, other] = await idle(3);
    const nobody = await tries({ value: '99887766', birthDate: '1970-01-01', surname: 'Nobody' });
    expect(nobody.map((a) => a.told ?? a.errors![0]![1])).toEqual([
      ...Array(3).fill('NOT_ACTIVE'),
      ...Array(3).fill('VERIFICATION_LOCKED'),
    ]);
    expect(await tries(right!)).toEqual(nobody);
    expect(await tries({ ...wrong!, birthDate: '1901-01-01', surname: 'Wrong' })).toEqual(nobody);
    // Nor is it told by a program that does not exist.
    const under = async (details: Details) => heard(await verify('clinic', details, 'NOSUCH'));
    expect(await under(other!)).toEqual(await under({ value: '99887755', birthDate: '1970-01-01', surname: 'Nobody' }));
  });

  it('do not lock somebody who receives: those attempts are taken back', async () => {
    const { uin, birthDate, surname, program } = system.demo.examples.clinic!;
    const patient = { value: uin, birthDate, surname };
    const counting = () => system.database.owner('persons')`select 1 from verification where not confirmed and program_code = ${program}`;
    const before = (await counting()).length;
    const unknown = async () =>
      (await system.database.owner('persons')`select 1 from verification where not confirmed and program_code = 'NOSUCH'`).length;
    for (let n = 0; n < 6; n++) {
      expect(heard(await verify('clinic', patient, program))).toMatchObject({ told: 'ACTIVE', errors: undefined });
      await expect.poll(async () => (await counting()).length, { timeout: 10_000 }).toBe(before);
    }
    // A code that is no program's is the caller's mistake, and not held against the person.
    for (let n = 0; n < 6; n++) {
      expect(heard(await verify('clinic', patient, 'NOSUCH')).errors?.map(([, code]) => code)).toEqual(['BAD_USER_INPUT']);
      await expect.poll(unknown, { timeout: 10_000 }).toBe(0);
    }
    expect(heard(await verify('clinic', patient, program))).toMatchObject({ told: 'ACTIVE' });
    await expect.poll(async () => (await counting()).length, { timeout: 10_000 }).toBe(before);
    // Under the name of a program of which they receive nothing the same person is nobody, and that counts.
    const [other] = await system.database.owner('programs')`
      select code from program where not sensitive and status = 'ACTIVE' and program_id not in
        (select program_id from enrollment where person_id = ${system.demo.examples.clinic!.person}) order by 1 limit 1`;
    for (let n = 0; n < 3; n++) expect(heard(await verify('clinic', patient, other!.code as string)).told).toBe('NOT_ACTIVE');
    expect(heard(await verify('clinic', patient, program)).errors![0]![1]).toBe('VERIFICATION_LOCKED');
  });
});
