import { createHash } from 'node:crypto';
import { type Alternative, ApiError, type Read } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { givesFreely } from '../access/entity.ts';
import type { Db } from '../db/session.ts';
import type { Context } from './context.ts';
import { type Refusal, Refused } from './errors.ts';

/** What a write gives: references to what it made, kept with its key, or why it was refused. */
export type Written<T> = { readonly done: T; readonly refusals: null } | { readonly done: null; readonly refusals: readonly Refusal[] };

/**
 * The alternatives under which this write may be done at all: one and the same gives the action and the right to write every field that the input names.
 * `names` are coordinates. Which rows may be written is then asked of exactly these.
 */
export function writingAlternatives(context: Context, action: string, names: readonly string[]): Alternative[] {
  const needs: Read[] = names.map((field) => ({ field, use: 'WRITE' }));
  const found = context.decision.alternatives.filter((a) => a.actions.has(action) && needs.every((n) => givesFreely(context, a, n)));
  if (found.length === 0) throw new ApiError('FORBIDDEN_ACTION', 'This may not be done for this purpose.');
  return found;
}

/** The coordinates that an input object writes, from what the schema says it reads: only of the fields that are given. */
export function writtenBy(context: Context, inputType: string, value: Readonly<Record<string, unknown>>): string[] {
  const fields = context.catalog.inputs.get(inputType);
  return Object.entries(value).flatMap(([name, v]) => {
    const field = fields?.get(name);
    if (!field) return [];
    const own = field.reads.filter((r) => r.use === 'WRITE').map((r) => r.field);
    const inner = context.catalog.inputs.has(field.type)
      ? (Array.isArray(v) ? v : [v]).flatMap((x) => (x && typeof x === 'object' ? writtenBy(context, field.type, x) : []))
      : [];
    return [...own, ...inner];
  });
}

/**
 * Does a write once for each key: the same key with the same content gives the answer kept from the first time; with other content it is refused.
 * `work` runs in one transaction with the note of its key; it throws Refused to refuse all of it, and then nothing is kept.
 */
export async function writeOnce<T extends Record<string, unknown>>(
  context: Context,
  field: string,
  key: string,
  input: unknown,
  settings: Record<string, string> | undefined,
  work: (db: Db) => Promise<T>,
): Promise<Written<T>> {
  if (context.operation !== 'mutation') throw new ApiError('FORBIDDEN_ACTION', 'Only a mutation may write.');
  if (key.length < 8 || key.length > 200)
    return {
      done: null,
      refusals: [{ code: 'INVALID', message: 'The key must have 8 to 200 characters; a random uuid is a good one.', path: ['key'] }],
    };
  const { consumer, user, person } = context.principal;
  // One user may stand for several persons, one after the other: what was answered to one of them is no answer to the next.
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([field, input, person]))
    .digest();
  try {
    const done = await context.db.write(async (db) => {
      // The lock makes a second request with the same key wait for the first, instead of failing or writing twice.
      await db.all(sql`select pg_advisory_xact_lock(hashtextextended(${`${consumer}\n${user}\n${key}`}, 0))`);
      const before = (
        await db.all<{ fingerprint: Uint8Array; answer: T }>(
          sql`select fingerprint, answer from mutation_key where consumer_id = ${consumer} and user_id = ${user} and key = ${key}`,
        )
      )[0];
      if (before) {
        if (!fingerprint.equals(before.fingerprint))
          throw new Refused({ code: 'KEY_REUSED', message: 'This key was used for another write. Take a new one.', path: ['key'] });
        return before.answer;
      }
      const answer = await work(db);
      await db.all(
        sql`insert into mutation_key (consumer_id, user_id, key, fingerprint, answer) values (${consumer}, ${user}, ${key}, ${fingerprint}, ${JSON.stringify(answer)}::text::jsonb)`,
      );
      return answer;
    }, settings);
    context.nudge();
    // What was loaded before may not be so any more.
    context.loaders.clear();
    return { done, refusals: null };
  } catch (error) {
    if (error instanceof Refused) return { done: null, refusals: error.refusals };
    throw error;
  }
}
