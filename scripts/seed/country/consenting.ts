import { isoDay } from './calendar.ts';
import type { Draw, Member } from './draft.ts';
import { byWeight } from './random.ts';
import type { GeneratedConsent } from './types.ts';

type Offer = Pick<GeneratedConsent, 'recipient' | 'purpose'> & { categories: readonly GeneratedConsent['categories'][] };

/** What people are asked, with the sets of categories that they choose from, the usual one first. */
const bank: Offer = { recipient: 'bank', purpose: 'PAYMENT_DELIVERY', categories: [['CONTACT'], ['CONTACT', 'DEMOGRAPHIC']] };
const clinic: Offer = {
  recipient: 'clinic',
  purpose: 'HEALTH_SERVICE',
  categories: [
    ['CONTACT', 'DISABILITY', 'HEALTH'],
    ['DISABILITY', 'HEALTH'],
    ['CONTACT', 'HEALTH', 'DEMOGRAPHIC'],
  ],
};
const research: Offer = {
  recipient: 'research-lab',
  purpose: 'RESEARCH',
  categories: [['DEMOGRAPHIC'], ['DEMOGRAPHIC', 'HEALTH'], ['DEMOGRAPHIC', 'DISABILITY']],
};

const methods = byWeight<GeneratedConsent['method']>({ PAPER: 55, SPOKEN: 25, PHONE: 12, ONLINE: 8 });

/** Draws what a household's members said when they were asked: those who are paid about the bank, all about clinic and research. */
export function drawConsents(draw: Draw, members: readonly Member[], isPaid: (member: Member) => boolean, into: GeneratedConsent[]): void {
  const { random } = draw;
  for (const member of members) {
    if (member.deathDay > 0) continue;
    const adult = member.age > 17;
    if (adult && isPaid(member) && random.chance(0.92)) into.push(drawConsent(draw, bank, member, 0.04, 0.06));
    if (random.chance(member.severity > 1 ? 0.6 : adult ? 0.14 : 0.02)) into.push(drawConsent(draw, clinic, member, 0.1, 0.08));
    if (adult && random.chance(0.09)) into.push(drawConsent(draw, research, member, 0.3, 0.16));
  }
}

function drawConsent({ random, uuids, asOf }: Draw, offer: Offer, member: Member, refused: number, withdrawn: number): GeneratedConsent {
  const asked = member.registeredDay + random.int(Math.max(1, Math.min(200, asOf - member.registeredDay)));
  const drawn = random.float();
  const lasts = offer.purpose === 'RESEARCH' || random.chance(0.2) ? 730 : 0;
  const expired = lasts > 0 && asked + lasts < asOf;
  const status = drawn < refused ? 'REFUSED' : drawn < refused + withdrawn && asked < asOf ? 'WITHDRAWN' : expired ? 'EXPIRED' : 'GIVEN';
  const until = expired ? asked + lasts : asOf;
  return {
    id: uuids.next(),
    personId: member.person.id,
    recipient: offer.recipient,
    purpose: offer.purpose,
    categories: random.chance(0.7) ? (offer.categories[0] as GeneratedConsent['categories']) : random.oneOf(offer.categories),
    status,
    givenBy: member.age < 18 ? (random.chance(0.8) ? 'PARENT' : 'GUARDIAN') : member.severity > 3 || member.age > 88 ? 'PROXY' : 'SELF',
    method: random.pick(methods),
    validFrom: isoDay(asked),
    validUntil: lasts === 0 || status === 'REFUSED' ? null : isoDay(asked + lasts),
    withdrawnOn: status === 'WITHDRAWN' ? isoDay(asked + 1 + random.int(Math.max(1, until - asked))) : null,
  };
}
