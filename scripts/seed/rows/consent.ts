import { type ConsentCategory, categoriesToMask } from '@commonweal/schema';
import { UuidSource } from '../country/random.ts';
import type { GeneratedConsent } from '../country/types.ts';
import type { RowsByTable } from '../load/rows.ts';
import { NULL, startOf } from '../load/text.ts';
import { type KnownHousehold, memberOf } from './known.ts';
import { ACTOR, idStreams } from './programs.ts';

/** The version of an agreement that people were asked to accept. */
export interface AgreementVersion {
  readonly code: string;
  readonly version: number;
  readonly hash: string;
}

/** Code of the agreement under which each recipient is consented to. */
export const agreementCodes: Readonly<Record<GeneratedConsent['recipient'], string>> = {
  bank: 'PAYMENTS',
  clinic: 'HEALTH',
  'research-lab': 'RESEARCH',
};

/** Writes a household into the consent registry. */
export type ConsentWriter = (out: RowsByTable, known: KnownHousehold) => void;

/** Prepares writing. Throws when an agreement is not there. */
export function consentWriter(seed: number, agreements: readonly AgreementVersion[]): ConsentWriter {
  const versions = Object.fromEntries(
    Object.entries(agreementCodes).map(([recipient, wanted]) => {
      const found = agreements.find((agreement) => agreement.code === wanted);
      if (found === undefined) throw new Error(`The consent registry has no agreement ${wanted}.`);
      return [recipient, `${found.code}\t${found.version}\t${found.hash}`];
    }),
  ) as Record<GeneratedConsent['recipient'], string>;
  const uuids = new UuidSource();
  return (out, known) => {
    const { source, members } = known;
    for (const { person, programsText, providersText } of members) {
      out.consentSubject.add(`${person.id}\t${person.areaCode}\t${programsText}\t${providersText}\n`);
    }
    if (source.consents.length === 0) return;
    uuids.reset(seed, source.index, idStreams.consentEvents);
    for (const one of source.consents) {
      const area = memberOf(known, one.personId).person.areaCode;
      const mask = maskOf(one.categories);
      const from = startOf(one.validFrom);
      const until = one.validUntil === null ? NULL : startOf(one.validUntil);
      const giver = one.givenBy === 'SELF' ? one.personId : NULL;
      out.consentRecord.add(
        `${one.personId}\t${one.id}\t${area}\t${versions[one.recipient]}\t${one.recipient}\t${one.purpose}\t${mask}\t${one.givenBy}\t${giver}\t${one.method}\t${from}\t${until}\t${from}\n`,
      );
      for (const [status, day] of eventsOf(one)) {
        out.consentEvent.add(`${one.personId}\t${one.id}\t${uuids.next()}\t${status}\t${ACTOR}\t${startOf(day)}\n`);
      }
      // What was refused was never granted, and what has run out grants nothing; a grant taken back stays, ended.
      if (one.status !== 'GIVEN' && one.status !== 'WITHDRAWN') continue;
      out.consentGrant.add(
        `${one.personId}\t${one.recipient}\t${one.purpose}\t${one.id}\t${mask}\t${from}\t${until}\t${one.withdrawnOn === null ? NULL : startOf(one.withdrawnOn)}\n`,
      );
    }
  };
}

function eventsOf({ status, validFrom, validUntil, withdrawnOn }: GeneratedConsent): [string, string][] {
  if (status === 'REFUSED') return [['REFUSED', validFrom]];
  const events: [string, string][] = [['GIVEN', validFrom]];
  if (status === 'WITHDRAWN' && withdrawnOn !== null) events.push(['WITHDRAWN', withdrawnOn]);
  if (status === 'EXPIRED' && validUntil !== null) events.push(['EXPIRED', validUntil]);
  return events;
}

const masks = new Map<readonly ConsentCategory[], number>();

/** The generator draws from a few lists, so each mask is worked out once. */
function maskOf(categories: readonly ConsentCategory[]): number {
  const known = masks.get(categories);
  if (known !== undefined) return known;
  const mask = categoriesToMask(categories);
  masks.set(categories, mask);
  return mask;
}
