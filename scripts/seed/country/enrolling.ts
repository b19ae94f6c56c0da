import { isoDay } from './calendar.ts';
import type { EnrollmentReason, EnrollmentStatus } from './codes.ts';
import type { Draw, Member } from './draft.ts';
import type { EligibilityRule } from './eligibility.ts';
import type { GeneratedEnrollmentEvent } from './types.ts';

/** The states of one enrollment over time, oldest first, in step with each other. */
export interface StatusPath {
  states: EnrollmentStatus[];
  days: number[];
  reasons: EnrollmentReason[];
}

const RENEWAL_DAYS = 730;

/** States from which nothing follows. */
export const finalStates: ReadonlySet<EnrollmentStatus> = new Set(['GRADUATED', 'EXITED', 'DECEASED', 'NOT_ELIGIBLE', 'DUPLICATED']);

/**
 * Draws how an enrollment went, from the application to `asOf`, along the allowed transitions. `person` is whoever is enrolled,
 * or stands for the household; `ownRight` says that it is the person's own enrollment, which ends with death.
 */
export function drawPath(draw: Draw, rule: EligibilityRule, person: Member, earliest: number, ownRight: boolean): StatusPath {
  const { random, asOf } = draw;
  const first = Math.max(person.registeredDay, earliest);
  const wait = random.chance(0.85) ? 100 : 900;
  const path: StatusPath = { states: [], days: [], reasons: [] };
  step(path, 'APPLIED', Math.min(asOf, first + random.int(Math.max(1, Math.min(wait, asOf - first)))), 'APPLICATION');
  decide(draw, path);
  live(draw, rule, path);
  if (ownRight && person.deathDay > 0) die(draw, person, path);
  if (person.isDuplicate && !finalStates.has(stateOf(path)) && asOf > lastDay(path) && random.chance(0.08)) {
    step(path, 'DUPLICATED', asOf - random.int(asOf - lastDay(path)), 'DUPLICATE');
  }
  return path;
}

/** The path of somebody who applied and was turned down. */
export function drawRefusal({ random, asOf }: Draw, person: Member, earliest: number): StatusPath {
  const first = Math.max(person.registeredDay, earliest);
  const path: StatusPath = { states: [], days: [], reasons: [] };
  step(path, 'APPLIED', Math.min(asOf, first + random.int(Math.max(1, asOf - first))), 'APPLICATION');
  const on = lastDay(path) + random.between(7, 60);
  if (on <= asOf) step(path, 'NOT_ELIGIBLE', on, 'CRITERIA_NOT_MET');
  return path;
}

const stateOf = ({ states }: StatusPath): EnrollmentStatus => states[states.length - 1] as EnrollmentStatus;
const lastDay = ({ days }: StatusPath): number => days[days.length - 1] as number;

function step(path: StatusPath, state: EnrollmentStatus, day: number, reason: EnrollmentReason): void {
  path.states.push(state);
  path.days.push(day);
  path.reasons.push(reason);
}

/** From the application to enrollment, perhaps by way of the waiting list. */
function decide({ random, asOf }: Draw, path: StatusPath): void {
  let day = lastDay(path) + random.between(5, 60);
  if (day > asOf || random.chance(0.03)) return;
  if (random.chance(0.2)) {
    step(path, 'WAITLISTED', day, 'NO_PLACE');
    day += random.between(30, 330);
    if (day > asOf || random.chance(0.2)) return;
  }
  step(path, 'ENROLLED', day, 'CRITERIA_MET');
}

/** What happens to an enrollment in force: renewal every two years, a suspension, graduation, an exit. */
function live({ random, asOf }: Draw, { lastsDays, renewed }: EligibilityRule, path: StatusPath): void {
  if (stateOf(path) !== 'ENROLLED') return;
  const enrolledOn = lastDay(path);
  const drawn = random.float();
  const end = lastsDays === undefined ? asOf + 1 : enrolledOn + lastsDays + random.int(180);
  if (drawn < 0.11) {
    const day = enrolledOn + 30 + random.int(Math.max(1, Math.min(end, asOf) - enrolledOn));
    if (day < end && day <= asOf && !suspend(random, path, day, asOf)) return;
  } else if (drawn < 0.16) {
    const day = enrolledOn + 60 + random.int(700);
    if (day < end && day <= asOf) step(path, 'EXITED', day, exitReasons[random.int(3)] as EnrollmentReason);
    return;
  }
  if (renewed === true) renew(random, path, enrolledOn + RENEWAL_DAYS, asOf);
  if (stateOf(path) === 'ENROLLED' && end <= asOf && end > lastDay(path)) step(path, 'GRADUATED', end, 'IMPROVED');
}

const exitReasons: readonly EnrollmentReason[] = ['OWN_WISH', 'MOVED', 'IMPROVED'];

/** Suspends; true when the enrollment came back into force. */
function suspend(random: Draw['random'], path: StatusPath, day: number, asOf: number): boolean {
  step(path, 'SUSPENDED', day, random.chance(0.6) ? 'NOT_COLLECTED' : 'CONDITIONS_NOT_MET');
  const until = day + random.between(30, 180);
  if (until > asOf || random.chance(0.12)) return false;
  const back = random.chance(0.75);
  step(path, back ? 'ENROLLED' : 'EXITED', until, back ? 'CRITERIA_MET' : 'CRITERIA_NOT_MET');
  return back;
}

function renew(random: Draw['random'], path: StatusPath, due: number, asOf: number): void {
  if (due <= lastDay(path) || due > asOf || stateOf(path) !== 'ENROLLED') return;
  step(path, 'AWAITING_RENEWAL', due, 'RECERTIFICATION_DUE');
  const day = due + random.between(10, 120);
  if (day > asOf || random.chance(0.06)) return;
  const confirmed = random.chance(0.86);
  step(path, confirmed ? 'ENROLLED' : 'EXITED', day, confirmed ? 'RECERTIFIED' : 'CRITERIA_NOT_MET');
}

/** Ends an enrollment by death, up to eight months late; what happened after the death in the meantime stays on record. */
function die({ random, asOf }: Draw, { deathDay }: Member, path: StatusPath): void {
  if (finalStates.has(stateOf(path))) return;
  const told = Math.max(deathDay + random.between(3, 240), lastDay(path) + 1);
  if (told <= asOf) step(path, 'DECEASED', told, 'DEATH');
}

/** The path as events on record. */
export function historyOf({ random }: Draw, { states, days, reasons }: StatusPath): GeneratedEnrollmentEvent[] {
  return states.map((to, at) => ({
    from: at === 0 ? null : (states[at - 1] as EnrollmentStatus),
    to,
    on: isoDay(days[at] as number),
    reason: reasons[at] as EnrollmentReason,
    decision: at === 0 ? null : `D-${isoDay(days[at] as number).slice(0, 7)}-${random.int(900) + 100}`,
  }));
}
