import type { Context, Entity } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { enrollment } from '../enrollment/enrollment.table.ts';
import { cycle, program } from './program.table.ts';

const pr = alias(program, 'pr');
const cy = alias(cycle, 'cy');
const own = alias(enrollment, 'own');

/** The program's row in statements. */
export { pr };

/**
 * Whether a program is hidden from all whose sharing policy does not name it. A sensitive one is, but a beneficiary is told of the
 * program they are in themselves.
 */
const hiddenFrom = (context: Context) => {
  const self = context.decision.alternatives.find((a) => a.rows.self !== null)?.rows.self;
  if (!self || !/^[0-9a-f-]{36}$/.test(self)) return sql`${pr.sensitive}`;
  return sql`(${pr.sensitive} and not exists (select 1 from ${enrollment} as own where ${own.personId} = ${self}::uuid and ${own.programId} = ${pr.programId}))`;
};

const entities = new WeakMap<Context['decision'], Entity>();

/** How programs are read: public facts, but a sensitive program exists only for those whose policy names it. Made once for each decision: every cell of a count asks for it. */
export function programEntity(context: Context): Entity {
  const known = entities.get(context.decision);
  if (known) return known;
  const entity = entityFor(context);
  entities.set(context.decision, entity);
  return entity;
}

const entityFor = (context: Context): Entity => ({
  type: 'Program',
  from: sql`${program} as pr`,
  key: sql`${pr.programId}`,
  gate: 'Program.id',
  scope: { public: true, program: { id: sql`${pr.programId}`, sensitive: hiddenFrom(context) } },
  parts: { amount: sql`${pr.amount} is not null` },
  fields: {
    code: sql`${pr.code}`,
    name: sql`${pr.name}`,
    description: sql`${pr.description}`,
    institution: sql`${pr.institution}`,
    type: sql`${pr.type}`,
    target: sql`${pr.target}`,
    benefitType: sql`${pr.benefitType}`,
    'amount.amount': sql`${pr.amount}`,
    'amount.currency': sql`${pr.currency}`,
    frequency: sql`${pr.frequency}`,
    status: sql`${pr.status}`,
    legalBasis: sql`${pr.legalBasis}`,
    sensitive: sql`${pr.sensitive}`,
    startsOn: sql`${pr.startsOn}`,
    endsOn: sql`${pr.endsOn}`,
  },
});

/** How the cycles of a program are read. A cycle has no id: within one program its number is its place. */
export const cycleEntity = (context: Context): Entity => ({
  type: 'Cycle',
  from: sql`${cycle} as cy join ${program} as pr on ${pr.programId} = ${cy.programId}`,
  key: sql`${cy.programId}`,
  gate: 'Cycle.sequence',
  scope: programEntity(context).scope,
  fields: { sequence: sql`${cy.sequence}`, startsOn: sql`${cy.startsOn}`, endsOn: sql`${cy.endsOn}`, status: sql`${cy.status}` },
});
/** Columns of cycles. */
export const cycleColumns = cy;
