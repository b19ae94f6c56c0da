import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { openPool, type Pool } from '../db/pool.ts';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { Courier, type EventReceiver, type RegistryEvent } from './outbox.ts';

let database: TestDatabase;
let pool: Pool;
let couriers: Courier[] = [];

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
});
beforeEach(() => {
  pool = openPool(database.urls.persons.appUrl, 'persons', 2);
});
afterEach(async () => {
  await Promise.all(couriers.map((courier) => courier.stop()));
  couriers = [];
  await pool.end();
  await database.owner('persons')`truncate outbox, outbox_offset`;
});
afterAll(() => database?.drop());

function courierTo(...receivers: EventReceiver[]): Courier {
  const courier = new Courier(pool, receivers, () => {});
  couriers.push(courier);
  return courier;
}

/** A receiver that keeps the types of the events it was given, in their order. */
function listener(name: string) {
  const heard: string[] = [];
  const batches: (readonly RegistryEvent[])[] = [];
  const receive = async (events: readonly RegistryEvent[]) => {
    batches.push(events);
    heard.push(...events.map((e) => e.type));
  };
  return { name, heard, batches, receive };
}

const write = (sql: postgres.Sql | postgres.ReservedSql, type: string, payload: postgres.JSONValue = {}) =>
  sql`insert into outbox (event_id, type, subject, payload) values (${randomUUID()}, ${type}, ${randomUUID()}, ${sql.json(payload)})`;

/** Carries all that may be carried now. */
async function carried(courier: Courier): Promise<void> {
  courier.nudge();
  // Ends the round that was begun.
  await courier.stop();
}

describe('events of changes that overlap', () => {
  it('are all delivered, also those of a change that began later, told something earlier, and ends last', async () => {
    const consent = listener('consent');
    const courier = courierTo(consent);
    const [one, two] = await Promise.all([database.owner('persons').reserve(), database.owner('persons').reserve()]);
    await one`begin`;
    await write(one, 'first');
    await two`begin`;
    await write(two, 'second');
    await write(one, 'third');
    await one`commit`;
    await carried(courier);
    await two`commit`;
    await courier.settle();
    one.release();
    two.release();
    expect(consent.heard).toEqual(['first', 'second', 'third']);
  });
});

describe('a receiver that does not answer', () => {
  it('does not keep events from the others', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const consent = listener('consent');
    await write(database.owner('persons'), 'moved');
    courierTo({ name: 'programs', receive: () => promise }, consent).nudge();
    await expect
      .poll(() => consent.heard)
      .toEqual(['moved'])
      .finally(resolve);
  });
});

describe('many events', () => {
  it('are carried in pieces that a receiver takes, in their order', async () => {
    const consent = listener('consent');
    const types = Array.from({ length: 40 }, (_, i) => `event ${i}`);
    for (const type of types) await write(database.owner('persons'), type, { programs: Array.from({ length: 4000 }, () => randomUUID()) });
    await courierTo(consent).settle();
    expect(consent.heard).toEqual(types);
    // The limit of a registry's own listener is four megabytes.
    expect(Math.max(...consent.batches.map((b) => JSON.stringify(b).length))).toBeLessThan(4 * 1024 * 1024);
  });
});
