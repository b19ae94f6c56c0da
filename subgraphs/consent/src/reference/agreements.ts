import { createHash } from 'node:crypto';
import { type ConsentCategory, categoriesToMask, type Purpose } from '@commonweal/schema';

/** One version of a processing agreement, as it is published. */
export interface AgreementText {
  readonly code: string;
  readonly version: number;
  readonly controller: string;
  readonly lawfulBasis: 'CONSENT' | 'PUBLIC_TASK' | 'LEGAL_OBLIGATION' | 'VITAL_INTEREST' | 'CONTRACT';
  readonly legalReference: string;
  readonly purposes: readonly Purpose[];
  readonly categories: readonly ConsentCategory[];
  /** Codes of consumers. */
  readonly recipients: readonly string[];
  readonly retentionDays: number;
  /** Notice by language (ISO 639-1); English is always there. */
  readonly notices: Readonly<Record<string, string>>;
}

/** SHA-256 over all that a person agrees to, hexadecimal. */
export function agreementHash(a: AgreementText): string {
  const content = [
    a.code,
    a.version,
    a.controller,
    a.lawfulBasis,
    a.legalReference,
    [...a.purposes].sort(),
    categoriesToMask(a.categories),
    [...a.recipients].sort(),
    a.retentionDays,
    Object.entries(a.notices).sort(([x], [y]) => (x < y ? -1 : 1)),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

const CONTROLLER = 'State Department for Social Protection';

/** The processing agreements of the demo country. To change one: add a version; what stands here was agreed to. */
export const REFERENCE_AGREEMENTS: readonly AgreementText[] = [
  {
    code: 'PAYMENTS',
    version: 1,
    controller: CONTROLLER,
    lawfulBasis: 'CONTRACT',
    legalReference: 'Social Assistance Act, section 19; payment service agreement',
    retentionDays: 2555,
    purposes: ['PAYMENT_DELIVERY', 'SERVICE_VERIFICATION'],
    categories: ['NAME', 'DEMOGRAPHIC', 'CONTACT', 'PAYMENT'],
    recipients: ['bank'],
    notices: {
      en: 'Your bank is told your name, your account and what you are to be paid, so that it can pay you. It may also be told your telephone number and your age if you agree. You can withdraw this at any time; you are paid all the same.',
      sw: 'Benki yako inajulishwa jina lako, akaunti yako na kiasi unacholipwa ili iweze kukulipa. Ukikubali, inaweza pia kujulishwa nambari yako ya simu na umri wako. Unaweza kuondoa kibali hiki wakati wowote; utaendelea kulipwa.',
    },
  },
  {
    code: 'HEALTH',
    version: 1,
    controller: CONTROLLER,
    lawfulBasis: 'CONSENT',
    legalReference: 'Data Protection Act, section 46',
    retentionDays: 1825,
    purposes: ['HEALTH_SERVICE', 'SERVICE_VERIFICATION'],
    categories: ['NAME', 'DEMOGRAPHIC', 'CONTACT', 'DISABILITY', 'HEALTH', 'PROGRAM'],
    recipients: ['clinic'],
    notices: {
      en: 'If you agree, your health center may see your name, how to reach you, and the disabilities and illnesses you chose to share, so that it can care for you and waive its fees. You can withdraw this at any time; it does not change your benefits.',
      sw: 'Ukikubali, kituo chako cha afya kinaweza kuona jina lako, jinsi ya kukufikia, na ulemavu na magonjwa uliyochagua kushiriki, ili kiweze kukuhudumia na kukusamehe ada. Unaweza kuondoa kibali hiki wakati wowote; haibadilishi misaada yako.',
    },
  },
  {
    code: 'RESEARCH',
    version: 1,
    controller: CONTROLLER,
    lawfulBasis: 'PUBLIC_TASK',
    legalReference: 'Statistics Act, section 4; Data Protection Act, section 53',
    retentionDays: 730,
    purposes: ['RESEARCH'],
    categories: ['DEMOGRAPHIC', 'HOUSEHOLD', 'SOCIOECONOMIC', 'DISABILITY', 'HEALTH', 'PROGRAM'],
    recipients: ['research-lab'],
    notices: {
      en: 'Researchers count and compare, and never learn who you are. If you agree, your answers may be part of what they study. You can withdraw this at any time.',
      sw: 'Watafiti huhesabu na kulinganisha, na hawajui wewe ni nani. Ukikubali, majibu yako yanaweza kuwa sehemu ya utafiti wao. Unaweza kuondoa kibali hiki wakati wowote.',
    },
  },
];
