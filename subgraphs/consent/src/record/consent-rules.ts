import { isMoment, type Refusal } from '@commonweal/kit';
import { type ConsentCategory, categoriesToMask, purposeAndParents } from '@commonweal/schema';
import type { CurrentAgreement } from '../agreement/agreement.repository.ts';

/** What a consent says, as the graph gives it. */
export interface ConsentTerms {
  /** Version of the agreement that the person was shown. */
  readonly agreementVersion: number;
  readonly recipient: string;
  readonly purpose: string;
  readonly categories: readonly ConsentCategory[];
  readonly status: string;
  readonly givenBy: string;
  readonly method: string;
  readonly validUntil?: string | null;
}

/** The longest that a consent holds which somebody else gave: their authority is looked at again after that. */
const LONGEST_FOR_ANOTHER = 366 * 86_400_000;

const invalid = (field: string, message: string): Refusal => ({ code: 'INVALID', message, path: ['input', field] });

/** What is wrong with a consent to an agreement. Empty when nothing is. `bySelf`: the person records it themselves, without staff. */
export function faultsOf(terms: ConsentTerms, agreement: CurrentAgreement | null, bySelf: boolean, now: Date): Refusal[] {
  return [
    ...(agreement ? againstAgreement(terms, agreement) : [invalid('agreement', 'There is no such agreement.')]),
    ...wronglyGiven(terms, bySelf),
    ...wrongTime(terms, now),
  ];
}

function againstAgreement(terms: ConsentTerms, agreement: CurrentAgreement): Refusal[] {
  // Nobody consents to a text that they did not see, and what it covers may differ from the one they saw.
  if (terms.agreementVersion !== agreement.version)
    return [
      {
        code: 'CONFLICT',
        message: 'This version of the agreement is not in force. Show the person the one that is, and ask again.',
        path: ['input', 'agreementVersion'],
      },
    ];
  const faults: Refusal[] = [];
  if (!agreement.recipients.includes(terms.recipient)) faults.push(invalid('recipient', 'The agreement does not name this recipient.'));
  if (!purposeAndParents(terms.purpose).some((p) => agreement.purposes.includes(p)))
    faults.push(invalid('purpose', 'The agreement does not cover this purpose.'));
  if (terms.categories.length === 0) faults.push(invalid('categories', 'At least one category is needed.'));
  if ((categoriesToMask(terms.categories) & ~agreement.categories) !== 0)
    faults.push(invalid('categories', 'The agreement does not cover all of these categories.'));
  return faults;
}

/**
 * Who may give a consent, and how. A consent that somebody else gives for a person rests on their authority, which this registry cannot ask:
 * it needs paper that names the authority, taken by staff, and it ends by itself, so that it cannot outlive the authority for long.
 */
function wronglyGiven(terms: ConsentTerms, bySelf: boolean): Refusal[] {
  const faults: Refusal[] = [];
  if (!['GIVEN', 'REFUSED'].includes(terms.status)) faults.push(invalid('status', 'A consent is recorded as GIVEN or REFUSED.'));
  if (bySelf && terms.givenBy !== 'SELF') faults.push(invalid('givenBy', 'Here a person gives consents for themselves only.'));
  if (bySelf && !['ONLINE', 'PHONE'].includes(terms.method))
    faults.push(invalid('method', 'A consent that a person records themselves is given ONLINE or by PHONE.'));
  if (terms.givenBy !== 'SELF' && terms.method !== 'PAPER')
    faults.push(invalid('method', 'A consent that somebody gives for another person needs PAPER that shows their authority.'));
  return faults;
}

function wrongTime(terms: ConsentTerms, now: Date): Refusal[] {
  if (terms.validUntil == null) {
    return terms.givenBy === 'SELF' || terms.status !== 'GIVEN'
      ? []
      : [invalid('validUntil', 'A consent that somebody gives for another person needs an end, at most a year ahead.')];
  }
  if (!isMoment(terms.validUntil)) return [invalid('validUntil', 'A moment is written as ISO 8601 with a time zone.')];
  const until = Date.parse(terms.validUntil);
  if (!(until > now.getTime())) return [invalid('validUntil', 'The end must be a moment in the future.')];
  if (terms.givenBy !== 'SELF' && until > now.getTime() + LONGEST_FOR_ANOTHER)
    return [invalid('validUntil', 'A consent that somebody gives for another person ends after a year at the latest.')];
  return [];
}
