import { UuidSource } from '../country/random.ts';
import type { RowsByTable } from '../load/rows.ts';
import { code, NULL, startOf, text } from '../load/text.ts';
import { type KnownHousehold, memberOf } from './known.ts';

/** Who the seeded history says made a change. */
export const ACTOR = 'setup:seed';

/** Streams of ids that only rows have; the generator's own streams have lower numbers. */
export const idStreams = { enrollmentEvents: 16, paymentEvents: 17, consentEvents: 18 } as const;

/** Writes households into the programs registry, and counts who is enrolled. */
export interface ProgramsWriter {
  write(out: RowsByTable, known: KnownHousehold): void;
  /** Writes the counts, once at the end. */
  writeCounts(out: RowsByTable): void;
}

/** Prepares writing. */
export function programsWriter(seed: number): ProgramsWriter {
  const uuids = new UuidSource();
  /** By program and area, as the two stand in a row. */
  const counts = new Map<string, number>();
  return {
    write(out, known) {
      const { source, members } = known;
      uuids.reset(seed, source.index, idStreams.enrollmentEvents);
      for (const { person, home } of members) {
        out.programsSubject.add(`${person.id}\t${home === null ? NULL : home.householdId}\t${person.areaCode}\n`);
      }
      for (const one of source.enrollments) {
        const area = memberOf(known, one.personId).person.areaCode;
        const sensitive = one.sensitive ? 't' : 'f';
        out.enrollment.add(
          `${one.personId}\t${one.id}\t${code(one.householdId)}\t${one.programId}\t${sensitive}\t${area}\t${one.status}\t${one.statusSince}\t${one.startsOn}\t${code(one.endsOn)}\t${startOf(one.statusSince)}\n`,
        );
        for (const { from, to, on, reason, decision } of one.history) {
          out.enrollmentEvent.add(
            `${one.personId}\t${one.id}\t${uuids.next()}\t${one.programId}\t${sensitive}\t${area}\t${code(from)}\t${to}\t${on}\t${reason}\t${text(decision)}\t${ACTOR}\t${startOf(on)}\n`,
          );
        }
        if (one.status !== 'ENROLLED') continue;
        const cell = `${one.programId}\t${area}`;
        counts.set(cell, (counts.get(cell) ?? 0) + 1);
      }
      for (const one of source.benefits) {
        const area = memberOf(known, one.personId).person.areaCode;
        out.benefit.add(
          `${one.personId}\t${one.id}\t${one.enrollmentId}\t${one.programId}\t${one.sensitive ? 't' : 'f'}\t${area}\t${one.cycle}\t${one.type}\t${one.amount === null ? `${NULL}\t${NULL}` : `${one.amount}\tKES`}\t${code(one.quantity)}\t${text(one.unit)}\t${one.validFrom}\t${one.validUntil}\t${one.status}\n`,
        );
      }
    },
    writeCounts(out) {
      for (const [cell, count] of counts) {
        out.coverageCell.add(`${cell}\t${count}\n`);
      }
    },
  };
}
