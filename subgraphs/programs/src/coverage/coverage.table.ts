import { bigint, integer, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ltree } from '../program/program.table.ts';

/** Folded counts of those who receive, by program and area. */
export const coverageCell = pgTable('coverage_cell', {
  programId: uuid('program_id').notNull(),
  areaPath: ltree('area_path').notNull(),
  beneficiaries: bigint('beneficiaries', { mode: 'number' }).notNull(),
});

/** Changes of the counts that are not folded yet. */
export const coverageDelta = pgTable('coverage_delta', {
  deltaId: bigint('delta_id', { mode: 'number' }).primaryKey(),
  programId: uuid('program_id').notNull(),
  areaPath: ltree('area_path').notNull(),
  change: integer('change').notNull(),
  at: timestamp('at', { withTimezone: true }).notNull(),
});
