import { References } from '@commonweal/kit';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CoverageByCountyDocument, HouseholdAcrossProgramsDocument, VerifyBeneficiaryDocument } from '../generated/operations.ts';
import { startTestSystem, type TestSystem, TOPOLOGIES } from '../system.ts';

/** The three questions that the product exists for, and what each consumer hears. */
const VERIFY = print(VerifyBeneficiaryDocument);
const HOUSEHOLD = print(HouseholdAcrossProgramsDocument);
const COVERAGE = print(CoverageByCountyDocument);

describe.each(TOPOLOGIES)('in %s', (topology) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem(inject('adminUrl'), { households: 400, topology });
  }, 120_000);
  afterAll(() => system?.stop());

  describe('VerifyBeneficiary: does the person at the counter receive from the program?', () => {
    const verify = (persona: string, variables: Record<string, unknown>) =>
      system.ask(persona, VERIFY, variables, { purpose: 'SERVICE_VERIFICATION' });
    const clinicPatient = () => {
      const { uin, birthDate, surname, program } = system.demo.examples.clinic!;
      return { identifier: { type: 'UIN', value: uin }, birthDate, surname, program };
    };

    it('tells a clinic that a fee is waived, and until when, and no more', async () => {
      const answer = await verify('clinic', clinicPatient());
      expect(answer.errors).toBeUndefined();
      expect(answer.data.verifyBeneficiary).toEqual({
        status: 'ACTIVE',
        entitled: true,
        entitledUntil: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        reference: expect.any(String),
        verifiedAt: expect.any(String),
      });
      expect(answer.text).not.toContain(system.demo.examples.clinic!.person);
    });

    it('tells a bank, which may not know the day of birth, by the surname', async () => {
      const { uin, surname, program } = system.demo.examples;
      const query = VERIFY.replace(/\$birthDate: Date,?\s*/, '')
        .replace(/birthDate: \$birthDate,?\s*/, '')
        .replace(/\bentitled\b/, '')
        .replace(/\bentitledUntil\b/, '');
      const answer = await system.ask(
        'bank',
        query,
        { identifier: { type: 'UIN', value: uin }, surname, program },
        { purpose: 'SERVICE_VERIFICATION' },
      );
      expect(answer.errors).toBeUndefined();
      expect(answer.data.verifyBeneficiary.status).toBe('ACTIVE');
    });

    it('gives one answer for a number that nobody has and for a person with other details', async () => {
      const shape = (answer: { data: { verifyBeneficiary: Record<string, unknown> } }) => ({
        ...answer.data.verifyBeneficiary,
        reference: typeof answer.data.verifyBeneficiary.reference,
        verifiedAt: typeof answer.data.verifyBeneficiary.verifiedAt,
      });
      const unknown = await verify('clinic', { ...clinicPatient(), identifier: { type: 'UIN', value: '99999999' } });
      const wrong = await verify('clinic', { ...clinicPatient(), birthDate: '1900-01-01' });
      expect(shape(unknown as never)).toEqual(shape(wrong as never));
      expect(shape(unknown as never)).toMatchObject({ status: 'NOT_ACTIVE' });
      expect(Math.abs(unknown.text.length - wrong.text.length)).toBeLessThan(8);
    });
  });

  describe('HouseholdAcrossPrograms: what does one household receive from all programs?', () => {
    const household = (id: string) => new References(system.secret, 'government').encode('hh', id);
    const programsIn = (text: string) =>
      [...new Set([...text.matchAll(/"code":"([A-Z-]+)"/g)].map((m) => m[1]!))].sort((a, b) => (a < b ? -1 : 1));

    /** A household of Turkana that receives from several programs. */
    async function example(): Promise<{ id: string; codes: string[] }> {
      const rows = await system.database.owner('programs')`
        select s.household_id as id, array_agg(distinct p.code order by p.code) as codes from enrollment e join subject s using (person_id) join program p using (program_id)
        where s.area_path <@ 'KE.23' and not p.sensitive group by 1 having count(distinct p.code) >= 2 and bool_or(p.code = 'HSNP') order by 1 limit 1`;
      return rows[0] as unknown as { id: string; codes: string[] };
    }

    it('shows a case worker all ordinary programs of the household, over four registries in one request', async () => {
      const { id, codes } = await example();
      system.fetches.length = 0;
      const answer = await system.ask('case-worker', HOUSEHOLD, { id: household(id) });
      expect(answer.errors).toBeUndefined();
      expect(programsIn(answer.text)).toEqual(codes);
      expect(new Set(system.fetches.map((f) => f.subgraph))).toEqual(new Set(['persons', 'programs', 'payments']));
    });

    it('shows an officer the rows of the own program only', async () => {
      const { id } = await example();
      const answer = await system.ask('program-admin-2', HOUSEHOLD, { id: household(id) });
      expect(answer.errors).toBeUndefined();
      expect(programsIn(answer.text)).toEqual(['HSNP']);
    });

    it('does not exist for an officer of a program that none of them is in, nor for a case worker elsewhere', async () => {
      const rows = await system.database.owner('persons')`select household_id as id from household where area_path <@ 'KE.47' limit 1`;
      const far = await system.ask('case-worker', HOUSEHOLD, { id: household(rows[0]!.id as string) });
      const absent = await system.ask('case-worker', HOUSEHOLD, { id: household('99999999-9999-4999-8999-999999999999') });
      expect(far.data.household).toBeNull();
      expect(far.text).toBe(absent.text);
      expect(far.errors?.[0]?.extensions.code).toBe('NOT_AVAILABLE');
    });

    it('is no question for a bank, a clinic, an analyst, an official or the public: the field does not exist', async () => {
      for (const persona of ['clinic', 'analyst', 'official', 'anonymous']) {
        const answer = await system.ask(persona, HOUSEHOLD, { id: 'hh_x' });
        expect({ persona, data: answer.data, code: answer.errors?.[0]?.extensions.code }).toEqual({
          persona,
          data: undefined,
          code: 'GRAPHQL_VALIDATION_FAILED',
        });
      }
    });
  });

  describe('CoverageByCounty: how many receive, by program and county?', () => {
    it('gives an official counts that agree with the registry, and holds small ones back', async () => {
      const answer = await system.ask('official', COVERAGE, { under: 'KE' });
      expect(answer.errors).toBeUndefined();
      const cells = answer.data.coverage.cells as {
        program: { code: string };
        area: { code: string };
        beneficiaries: number | null;
        suppressed: boolean;
      }[];
      const truth = await system.database.owner(
        'programs',
      )`select p.code, subpath(area_path, 0, 2)::text as area, count(*)::int as n from enrollment join program p using (program_id) where enrollment.status = 'ENROLLED' and not p.sensitive group by 1, 2`;
      const known = new Map(truth.map((r) => [`${r.code} ${r.area}`, r.n as number]));
      for (const c of cells) {
        const n = known.get(`${c.program.code} ${c.area.code}`) ?? 0;
        if (c.suppressed) expect(c.beneficiaries).toBeNull();
        else expect({ ...c, beneficiaries: c.beneficiaries }).toMatchObject({ beneficiaries: n });
        if (n >= 1 && n < 10) expect(c.suppressed).toBe(true);
      }
      expect(cells.some((c) => c.suppressed)).toBe(true);
    });

    it('names no sensitive program, and gives a person to nobody who counts', async () => {
      const sensitive = await system.database.owner('programs')`select code from program where sensitive`;
      const answer = await system.ask('analyst', COVERAGE, { under: 'KE' });
      for (const { code } of sensitive) expect(answer.text).not.toContain(`"${code as string}"`);
      for (const persona of ['official', 'analyst'])
        expect((await system.ask(persona, '{ persons { nodes { id } } }')).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    });
  });
});
