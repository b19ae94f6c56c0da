import { dayOf, isoDay, periodsOf } from './calendar.ts';
import { type CompatibilityDefinition, compatibilities } from './compatibilities.ts';
import { type Area, areas } from './geography.ts';
import type { ProgramDefinition } from './program.types.ts';
import { programs } from './programs.ts';
import { providers } from './providers.ts';
import { UuidSource } from './random.ts';

/** A program with its id. */
export interface GeneratedProgram extends ProgramDefinition {
  id: string;
}

/** A period for which a program gives benefits. Days are also given as numbers. */
export interface GeneratedCycle {
  programId: string;
  programCode: string;
  sequence: number;
  startsOn: string;
  endsOn: string;
  status: 'DRAFT' | 'TO_APPROVE' | 'APPROVED' | 'DISTRIBUTED' | 'ENDED' | 'CANCELLED';
  startDay: number;
  endDay: number;
  /** Day on which its payments are due. */
  dueDay: number;
  /** Batches of payments (envelopes), one for each provider, in the order of `providers`. */
  batchIds: readonly string[];
}

/** A rule for two programs, by their ids. */
export interface GeneratedCompatibility extends CompatibilityDefinition {
  programId: string;
  otherProgramId: string;
}

/** A bank or operator with its id. */
export interface GeneratedProvider {
  id: string;
  code: string;
  name: string;
  kind: 'BANK_ACCOUNT' | 'MOBILE_WALLET';
}

/** What all households share. */
export interface CountryReference {
  areas: readonly Area[];
  programs: readonly GeneratedProgram[];
  compatibilities: readonly GeneratedCompatibility[];
  cycles: readonly GeneratedCycle[];
  providers: readonly GeneratedProvider[];
}

const TWO_YEARS = 730;
const PLANNED_DAYS = 45;
/** How long before `asOf` a halted program had its last cycle. */
const HALTED_DAYS = 200;

/** Makes what all households share: ids of programs and providers, and the cycles of the two years before `asOf` and those just ahead. */
export function countryReference({ seed, asOf }: { seed: number; asOf: string }): CountryReference {
  const uuids = new UuidSource().reset(seed, 0, 9);
  const today = dayOf(asOf);
  const withIds = programs.map((program): GeneratedProgram => ({ ...program, id: uuids.next() }));
  const idOf = new Map(withIds.map(({ code, id }) => [code, id]));
  return {
    areas,
    programs: withIds,
    providers: providers.map((provider) => ({ ...provider, id: uuids.next() })),
    compatibilities: compatibilities.map((rule) => ({
      ...rule,
      programId: idOf.get(rule.programs[0]) ?? '',
      otherProgramId: idOf.get(rule.programs[1]) ?? '',
    })),
    cycles: withIds.flatMap((program) => cyclesOf(program, today, uuids)),
  };
}

function cyclesOf(program: GeneratedProgram, today: number, uuids: UuidSource): GeneratedCycle[] {
  if (program.status === 'DRAFT') return [];
  const last = program.status === 'PAUSED' ? today - HALTED_DAYS : today + PLANNED_DAYS;
  return periodsOf(program.frequency, program.startsOn, today - TWO_YEARS, last).map(({ sequence, start, end }) => {
    const dueDay = Math.min(start + 40, start + Math.round((end - start) * 0.6));
    return {
      programId: program.id,
      programCode: program.code,
      sequence,
      startsOn: isoDay(start),
      endsOn: isoDay(end),
      status: program.status === 'PAUSED' && end > last ? 'CANCELLED' : statusOf(start, end, dueDay, today),
      startDay: start,
      endDay: end,
      dueDay,
      batchIds: providers.map(() => uuids.next()),
    };
  });
}

function statusOf(start: number, end: number, due: number, today: number): GeneratedCycle['status'] {
  if (end < today) return 'ENDED';
  if (due <= today) return 'DISTRIBUTED';
  if (start > today) return 'DRAFT';
  return due - today < 15 ? 'APPROVED' : 'TO_APPROVE';
}
