import { seedReference } from '@commonweal/consent/reference.ts';
import type { SubgraphName } from '@commonweal/schema';
import type postgres from 'postgres';
import type { CountryReference } from '../country/reference.ts';
import type { AgreementVersion } from './consent.ts';

/** Connections of the registries' migrators. */
export type Connections = Readonly<Record<SubgraphName, postgres.Sql>>;

/**
 * Writes what all households share: areas, programs with their rules and cycles, providers, and in the consent registry the consumers, agreements
 * and sharing policies that speak of them. Gives the agreements as published, the newest version of each.
 */
export async function writeReference(on: Connections, reference: CountryReference): Promise<AgreementVersion[]> {
  const { areas, programs, compatibilities, cycles, providers } = reference;
  await on.persons`insert into area ${on.persons(areas.map(({ code, name, level, population }) => ({ path: code, name, level, population })))}`;
  await on.programs.begin(async (sql) => {
    await sql`insert into program ${sql(
      programs.map((p) => ({
        program_id: p.id,
        code: p.code,
        name: p.name,
        description: p.description,
        institution: p.institution,
        type: p.type,
        target: p.target,
        benefit_type: p.benefitType,
        amount: p.amount,
        currency: 'KES',
        frequency: p.frequency,
        status: p.status,
        legal_basis: p.legalBasis,
        sensitive: p.sensitive,
        starts_on: p.startsOn,
        ends_on: p.endsOn,
      })),
    )}`;
    await sql`insert into program_criteria ${sql(
      programs.map((p) => ({ program_id: p.id, version: 1, valid_from: p.startsOn, criteria: p.eligibility })),
    )}`;
    await sql`insert into compatibility ${sql(
      compatibilities.map((c) => ({
        program_id: c.programId,
        other_program_id: c.otherProgramId,
        level: c.level,
        valid_from: c.startsOn,
        verdict: c.verdict,
      })),
    )}`;
    await sql`insert into cycle ${sql(
      cycles.map((c) => ({ program_id: c.programId, sequence: c.sequence, starts_on: c.startsOn, ends_on: c.endsOn, status: c.status })),
    )}`;
  });
  await on.payments`insert into provider ${on.payments(providers.map(({ id, code, name }) => ({ provider_id: id, code, name })))}`;
  await seedReference(on.consent, {
    programIds: Object.fromEntries(programs.map(({ code, id }) => [code, id])),
    providerIds: Object.fromEntries(providers.map(({ code, id }) => [code, id])),
  });
  return on.consent<AgreementVersion[]>`select distinct on (code) code, version, hash from agreement order by code, version desc`;
}
