import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { ltree } from '../person/person.table.ts';

/** Administrative areas. */
export const area = pgTable('area', {
  path: ltree('path').primaryKey(),
  name: text('name').notNull(),
  level: text('level').notNull(),
  population: integer('population'),
});
