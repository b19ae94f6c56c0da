import { describe, expect, test } from 'vitest';
import { dayOf } from './calendar.ts';
import { compatibilities } from './compatibilities.ts';
import { allowedTransitions, firstStates } from './enrollment-states.ts';
import { generateHouseholds } from './lives.ts';
import { programs } from './programs.ts';
import { countryReference } from './reference.ts';

const options = { households: 12_000, seed: 20190824, asOf: '2025-06-30' };
const reference = countryReference(options);
const all = [...generateHouseholds(options)];
const enrollments = all.flatMap((one) => one.enrollments);
const payments = all.flatMap((one) => one.payments);
const share = <T>(list: readonly T[], has: (one: T) => boolean): number => list.filter(has).length / list.length;

describe('enrollments', () => {
  test('each running program has members, only where it works, and the planned one has none', () => {
    const areas = new Map(all.flatMap((one) => one.enrollments.map(({ id }) => [id, Number(one.household.areaCode.slice(3, 5))])));
    const found = programs.map(({ code, counties, target }) => {
      const here = enrollments.filter(({ programCode }) => programCode === code);
      const misplaced = here.filter(
        ({ id, householdId }) => counties?.includes(areas.get(id) ?? 0) === false || (householdId !== null) !== (target === 'HOUSEHOLD'),
      );
      return { code, members: here.some(({ status }) => status === 'ENROLLED') && here.length > 50, misplaced: misplaced.length };
    });
    expect(found).toEqual(programs.map(({ code, status }) => ({ code, members: status !== 'DRAFT', misplaced: 0 })));
    expect(enrollments.length / all.length).toBeGreaterThan(1);
    expect(enrollments.length / all.length).toBeLessThan(1.6);
  });

  test('they pass through allowed states, in order of days', () => {
    const wrong = enrollments.filter(({ history, status, statusSince, startsOn }) => {
      const steps = history.every(({ from, to, on }, index) => {
        const before = history[index - 1];
        return before === undefined
          ? from === null && firstStates.includes(to)
          : from === before.to && allowedTransitions[from].includes(to) && on > before.on;
      });
      const last = history.at(-1);
      return !steps || history[0]?.on !== startsOn || last?.to !== status || last.on !== statusSince || statusSince > options.asOf;
    });
    expect(wrong).toEqual([]);
    expect(new Set(enrollments.map(({ status }) => status))).toEqual(new Set(Object.keys(allowedTransitions)));
  });

  test('nobody has two open enrollments in one program', () => {
    const open = enrollments
      .filter(({ status }) => allowedTransitions[status].length > 0)
      .map(({ personId, programId }) => `${personId} ${programId}`);
    expect(new Set(open).size).toBe(open.length);
  });

  test('programs overlap, also where a rule forbids it', () => {
    const current = all.map(
      (one) => new Set(one.enrollments.filter(({ status }) => status === 'ENROLLED').map(({ programCode }) => programCode)),
    );
    expect(share(current, (codes) => codes.size > 1)).toBeGreaterThan(0.1);
    const forbidden = compatibilities.filter(({ level, verdict }) => level === 'HOUSEHOLD' && verdict === 'FORBIDDEN');
    expect(current.filter((codes) => forbidden.some(({ programs: pair }) => pair.every((code) => codes.has(code)))).length).toBeGreaterThan(
      10,
    );
  });

  test('old people are left out, and some receive twice under two registrations', () => {
    const pensioners = new Set(
      enrollments.filter(({ programCode, status }) => programCode === 'OPCT' && status === 'ENROLLED').map(({ personId }) => personId),
    );
    const born = `${Number(options.asOf.slice(0, 4)) - 71}`;
    const old = all.flatMap((one) => one.persons).filter(({ birthDate, deathDate }) => birthDate < born && deathDate === null);
    expect(share(old, ({ id }) => pensioners.has(id))).toBeGreaterThan(0.5);
    expect(share(old, ({ id }) => pensioners.has(id))).toBeLessThan(0.85);
    const twice = all
      .flatMap((one) => one.duplicates)
      .filter((truth) => pensioners.has(truth.personId) && pensioners.has(truth.duplicateOfPersonId));
    expect(twice.length).toBeGreaterThan(2);
  });
});

describe('payments', () => {
  test('they come in every state and keep to its rules', () => {
    expect([...new Set(payments.map(({ status }) => status))].toSorted()).toEqual([
      'CANCELLED',
      'DELIVERED',
      'FAILED',
      'NOT_DELIVERED',
      'PARTIALLY_DELIVERED',
      'PENDING',
      'REVERSED',
      'SENT',
    ]);
    const wrong = payments.filter(
      ({ status, sentAt, deliveredAt, entitled, delivered, reason }) =>
        (sentAt === null) !== (status === 'PENDING' || status === 'CANCELLED') ||
        (status === 'DELIVERED' && (delivered !== entitled || reason !== null)) ||
        (status === 'FAILED' && reason === null) ||
        (deliveredAt !== null && (sentAt === null || deliveredAt < sentAt || deliveredAt > `${options.asOf}T24`)),
    );
    expect(wrong).toEqual([]);
    expect(share(payments, ({ status }) => status === 'DELIVERED')).toBeGreaterThan(0.85);
  });

  test('they belong to a benefit of their amount and go to an account of their recipient', () => {
    const stray = all.filter((one) => {
      const benefits = new Map(one.benefits.map((benefit) => [benefit.id, benefit]));
      const accounts = new Map(one.accounts.map((account) => [account.id, account]));
      return one.payments.some((payment) => {
        const account = accounts.get(payment.accountId);
        const benefit = benefits.get(payment.benefitId);
        return (
          benefit?.amount !== payment.entitled ||
          benefit.enrollmentId !== payment.enrollmentId ||
          account?.personId !== payment.recipientId ||
          account.providerId !== payment.providerId
        );
      });
    });
    expect(stray).toEqual([]);
  });

  test('ids and references are unique, and there are some payments to most recipients', () => {
    const ids = all.flatMap((one) => [
      one.household.id,
      ...[one.persons, one.identifiers, one.memberships, one.enrollments, one.benefits, one.payments, one.accounts, one.consents].flatMap(
        (list) => list.map(({ id }) => id),
      ),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    const references = payments.flatMap(({ providerReference }) => providerReference ?? []);
    expect(new Set(references).size).toBe(references.length);
    expect(payments.length / all.length).toBeGreaterThan(5);
    expect(payments.length / all.length).toBeLessThan(15);
  });

  test('cycles, batches, programs and providers are those of the reference data', () => {
    const cycles = new Set(reference.cycles.map(({ programId, sequence }) => `${programId} ${sequence}`));
    const batches = new Set(reference.cycles.flatMap(({ batchIds }) => batchIds));
    const providers = new Set(reference.providers.map(({ id }) => id));
    expect(all.flatMap((one) => one.benefits).filter(({ programId, cycle }) => !cycles.has(`${programId} ${cycle}`))).toEqual([]);
    expect(payments.filter(({ batchId, providerId }) => !batches.has(batchId) || !providers.has(providerId))).toEqual([]);
  });

  test('some are made to the dead, and most of those come back', () => {
    const deaths = new Map(all.flatMap((one) => one.persons.map(({ id, deathDate }) => [id, deathDate])));
    const late = payments.filter(({ personId, dueOn }) => (deaths.get(personId) ?? '9999') < dueOn);
    expect(late.length).toBeGreaterThan(5);
    expect(share(late, ({ status, reason }) => status === 'REVERSED' && reason === 'DECEASED')).toBeGreaterThan(0.2);
  });
});

describe('reference', () => {
  test('cycles adjoin, are counted on, and cover the two years before the day looked at', () => {
    for (const list of Map.groupBy(reference.cycles, ({ programCode }) => programCode).values()) {
      const gaps = list.filter(({ startDay, sequence }, index) => {
        const before = list[index - 1];
        return before !== undefined && (before.endDay + 1 !== startDay || before.sequence + 1 !== sequence);
      });
      expect(gaps).toEqual([]);
      expect(list[0]?.startDay).toBeLessThan(dayOf(options.asOf) - 700);
    }
  });

  test('areas name their parents', () => {
    const codes = new Set(reference.areas.map(({ code }) => code));
    expect(reference.areas.filter(({ parentCode }) => parentCode !== null && !codes.has(parentCode))).toEqual([]);
    expect(reference.areas.filter(({ level }) => level === 'COUNTY').length).toBe(47);
  });
});

describe('consents', () => {
  test('they are given, refused, withdrawn and run out, once for a person, recipient and purpose', () => {
    const consents = all.flatMap((one) => one.consents);
    expect(new Set(consents.map(({ status }) => status))).toEqual(new Set(['GIVEN', 'REFUSED', 'WITHDRAWN', 'EXPIRED']));
    const wrong = consents.filter(
      ({ status, withdrawnOn, validFrom }) =>
        (withdrawnOn !== null) !== (status === 'WITHDRAWN') ||
        (withdrawnOn !== null && (withdrawnOn <= validFrom || withdrawnOn > options.asOf)),
    );
    expect(wrong).toEqual([]);
    expect(new Set(consents.map(({ personId, recipient, purpose }) => `${personId} ${recipient} ${purpose}`)).size).toBe(consents.length);
  });
});
