import type { BenefitType, EnrollmentStatus } from './types.ts';

/** Type of program. */
export type ProgramType =
  | 'UNCONDITIONAL_CASH'
  | 'CONDITIONAL_CASH'
  | 'UNIVERSAL_CATEGORICAL'
  | 'IN_KIND'
  | 'SCHOOL_FEEDING'
  | 'PUBLIC_WORKS'
  | 'FEE_WAIVER'
  | 'OTHER_ASSISTANCE'
  | 'SOCIAL_INSURANCE';

/** How two programs go together. */
export type CompatibilityVerdict = 'ALLOWED' | 'COMPLEMENTARY' | 'NEEDS_REVIEW' | 'FORBIDDEN';

/** An assistance program as the registry holds it. Modeled on Kenyan programs; amounts and rules are simplified. */
export interface ProgramDefinition {
  code: string;
  name: string;
  description: string;
  institution: string;
  type: ProgramType;
  target: 'PERSON' | 'HOUSEHOLD';
  benefitType: BenefitType;
  /** Whole KES per cycle, or null when goods or services are given. */
  amount: number | null;
  /** Quantity and unit per cycle, for goods and services. */
  quantity: readonly [amount: string, unit: string] | null;
  /** RFC 5545 recurrence rule of the cycles. */
  frequency: string;
  status: 'DRAFT' | 'ACTIVE' | 'PAUSED' | 'CLOSED';
  legalBasis: string;
  /** Whether mere membership tells something that needs protection. */
  sensitive: boolean;
  startsOn: string;
  endsOn: string | null;
  /** Counties it works in, by number; everywhere when null. */
  counties: readonly number[] | null;
  eligibility: string;
}

const SOCIAL_PROTECTION = 'State Department for Social Protection';
const SOCIAL_ASSISTANCE = 'Social Assistance Act, 2013';
const arid = [4, 7, 8, 9, 10, 11, 23, 25];
const MONTHLY = 'FREQ=MONTHLY;INTERVAL=1';
const EVERY_TWO_MONTHS = 'FREQ=MONTHLY;INTERVAL=2';
const QUARTERLY = 'FREQ=MONTHLY;INTERVAL=3';

type Given = Partial<ProgramDefinition> &
  Pick<ProgramDefinition, 'code' | 'name' | 'description' | 'type' | 'target' | 'eligibility' | 'startsOn'>;

const program = (given: Given): ProgramDefinition => ({
  institution: SOCIAL_PROTECTION,
  benefitType: 'CASH',
  amount: null,
  quantity: null,
  frequency: EVERY_TWO_MONTHS,
  status: 'ACTIVE',
  legalBasis: SOCIAL_ASSISTANCE,
  sensitive: false,
  endsOn: null,
  counties: null,
  ...given,
});

/** All programs. One is only planned and one has been halted. */
export const programs: readonly ProgramDefinition[] = [
  program({
    code: 'OPCT',
    name: 'Older Persons Cash Transfer',
    description: 'A pension for everybody of 70 years and older, whatever their means.',
    type: 'UNIVERSAL_CATEGORICAL',
    target: 'PERSON',
    amount: 4000,
    startsOn: '2018-01-01',
    eligibility: 'Age 70 or more.',
  }),
  program({
    code: 'CT-OVC',
    name: 'Cash Transfer for Orphans and Vulnerable Children',
    description: 'Support for poor households that take care of orphans or other vulnerable children.',
    type: 'UNCONDITIONAL_CASH',
    target: 'HOUSEHOLD',
    amount: 4000,
    startsOn: '2005-01-01',
    eligibility: 'A child under 18 without both parents in the household; score band POOREST, POOR or VULNERABLE.',
  }),
  program({
    code: 'PWSD-CT',
    name: 'Cash Transfer for Persons with Severe Disabilities',
    description: 'Support for persons who cannot do without permanent care.',
    type: 'UNCONDITIONAL_CASH',
    target: 'PERSON',
    amount: 4000,
    legalBasis: 'Persons with Disabilities Act, 2025',
    startsOn: '2011-07-01',
    eligibility: 'A disability of severity 3 or 4.',
  }),
  program({
    code: 'HSNP',
    name: 'Hunger Safety Net Program',
    description: 'Regular transfers that carry households of the arid north through drought.',
    institution: 'National Drought Management Authority',
    type: 'UNCONDITIONAL_CASH',
    target: 'HOUSEHOLD',
    amount: 5400,
    legalBasis: 'National Drought Management Authority Act, 2016',
    startsOn: '2009-01-01',
    counties: arid,
    eligibility: 'Lives in an arid county; score band POOREST or POOR.',
  }),
  program({
    code: 'BHG',
    name: 'Basic Household Grant',
    description: 'A small regular transfer to the poorest households outside the arid counties.',
    type: 'UNCONDITIONAL_CASH',
    target: 'HOUSEHOLD',
    amount: 1500,
    frequency: MONTHLY,
    startsOn: '2020-01-01',
    eligibility: 'Score band POOREST; not in a county of the Hunger Safety Net Program.',
  }),
  program({
    code: 'NICHE',
    name: 'Mother and Child Nutrition Grant',
    description: 'A grant for mothers of small children who keep clinic visits: care before birth, immunization, growth monitoring.',
    type: 'CONDITIONAL_CASH',
    target: 'PERSON',
    amount: 3000,
    frequency: QUARTERLY,
    startsOn: '2016-07-01',
    eligibility: 'Mother in a household with a child under 3; score band POOREST, POOR or VULNERABLE.',
  }),
  program({
    code: 'YPWP',
    name: 'Youth Public Works Program',
    description: 'Paid work on roads, drains and terraces, with training.',
    institution: 'State Department for Housing and Urban Development',
    type: 'PUBLIC_WORKS',
    target: 'PERSON',
    benefitType: 'WORK',
    amount: 6825,
    frequency: MONTHLY,
    legalBasis: 'Public Finance Management Act, 2012',
    startsOn: '2020-07-01',
    eligibility: 'Age 18 to 34, without regular work.',
  }),
  program({
    code: 'SHIS',
    name: 'Health Insurance Subsidy',
    description: 'The state pays the health insurance contribution, so that the household pays no fees at contracted facilities.',
    institution: 'Social Health Authority',
    type: 'FEE_WAIVER',
    target: 'HOUSEHOLD',
    benefitType: 'INSURANCE',
    quantity: ['1', 'policy year'],
    frequency: 'FREQ=YEARLY;BYMONTH=7',
    legalBasis: 'Social Health Insurance Act, 2023',
    startsOn: '2014-07-01',
    eligibility: 'Score band POOREST or POOR, or a member with a severe disability.',
  }),
  program({
    code: 'SFP',
    name: 'School Feeding Program',
    description: 'A midday meal on each day of school.',
    institution: 'State Department for Basic Education',
    type: 'SCHOOL_FEEDING',
    target: 'PERSON',
    benefitType: 'IN_KIND',
    quantity: ['60', 'meal'],
    frequency: 'FREQ=YEARLY;BYMONTH=1,5,9',
    legalBasis: 'Basic Education Act, 2013',
    startsOn: '2009-01-01',
    counties: [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 15, 17, 23, 24, 25, 30, 33, 34, 47],
    eligibility: 'Age 6 to 14, at a public school in a county with food shortage or in an informal settlement.',
  }),
  program({
    code: 'FOOD',
    name: 'Relief Food Distribution',
    description: 'Maize, beans and oil in seasons of failed rains.',
    institution: 'State Department for Arid and Semi-Arid Lands',
    type: 'IN_KIND',
    target: 'HOUSEHOLD',
    benefitType: 'IN_KIND',
    quantity: ['50', 'kg'],
    frequency: QUARTERLY,
    legalBasis: 'National Drought Management Authority Act, 2016',
    startsOn: '2012-01-01',
    counties: [2, 3, 4, 7, 8, 9, 10, 11, 15, 17, 23, 24, 25, 30, 33],
    eligibility: 'Lives in an arid or semi-arid county; score band POOREST.',
  }),
  program({
    code: 'HAHG',
    name: 'Household Support Grant (Health)',
    description: 'Nutrition and transport grant for households affected by HIV.',
    institution: 'National Syndemic Diseases Control Council',
    type: 'UNCONDITIONAL_CASH',
    target: 'HOUSEHOLD',
    amount: 4500,
    frequency: QUARTERLY,
    legalBasis: 'HIV and AIDS Prevention and Control Act, 2006',
    sensitive: true,
    startsOn: '2015-01-01',
    eligibility: 'A member in care for HIV; referral by a clinic.',
  }),
  program({
    code: 'NAFS',
    name: 'Fertilizer and Seed Subsidy',
    description: 'Vouchers for fertilizer and certified seed before each rainy season.',
    institution: 'State Department for Agriculture',
    type: 'FEE_WAIVER',
    target: 'HOUSEHOLD',
    benefitType: 'VOUCHER',
    amount: 5000,
    frequency: 'FREQ=YEARLY;BYMONTH=2,9',
    legalBasis: 'Crops Act, 2013',
    startsOn: '2022-09-01',
    eligibility: 'A smallholder farmer in the household.',
  }),
  program({
    code: 'NSSF-P',
    name: 'Social Insurance Pension',
    description: 'Old-age pension from contributions paid during formal employment.',
    institution: 'National Social Security Fund',
    type: 'SOCIAL_INSURANCE',
    target: 'PERSON',
    amount: 6500,
    frequency: MONTHLY,
    legalBasis: 'National Social Security Fund Act, 2013',
    startsOn: '2014-01-01',
    eligibility: 'Age 60 or more, with contributions.',
  }),
  program({
    code: 'ULTP',
    name: 'Urban Livelihoods Training',
    description: 'Vocational courses for women and young people in towns; halted until the budget is decided.',
    institution: 'State Department for Micro, Small and Medium Enterprises',
    type: 'OTHER_ASSISTANCE',
    target: 'PERSON',
    benefitType: 'TRAINING',
    quantity: ['40', 'hour'],
    frequency: QUARTERLY,
    status: 'PAUSED',
    legalBasis: 'Micro and Small Enterprises Act, 2012',
    startsOn: '2021-01-01',
    counties: [1, 16, 22, 27, 32, 34, 42, 47],
    eligibility: 'Age 18 to 40, lives in a town, schooling below ISCED 4.',
  }),
  program({
    code: 'CAREG',
    name: 'Caregiver Allowance',
    description: 'An allowance for those who care for a relative with a severe disability. Planned.',
    type: 'UNCONDITIONAL_CASH',
    target: 'PERSON',
    amount: 2000,
    status: 'DRAFT',
    startsOn: '2027-07-01',
    eligibility: 'Cares for a household member with a disability of severity 4.',
  }),
];

/** A rule for two programs together: for one person, or for all members of a household. */
export interface CompatibilityDefinition {
  programs: readonly [string, string];
  level: 'PERSON' | 'HOUSEHOLD';
  verdict: CompatibilityVerdict;
  startsOn: string;
}

const rule = (first: string, second: string, level: 'PERSON' | 'HOUSEHOLD', verdict: CompatibilityVerdict): CompatibilityDefinition => ({
  programs: [first, second],
  level,
  verdict,
  startsOn: '2019-01-01',
});

/** How programs go together. A pair that is not listed is allowed. */
export const compatibilities: readonly CompatibilityDefinition[] = [
  rule('OPCT', 'PWSD-CT', 'PERSON', 'FORBIDDEN'),
  rule('OPCT', 'NSSF-P', 'PERSON', 'NEEDS_REVIEW'),
  rule('OPCT', 'CT-OVC', 'HOUSEHOLD', 'NEEDS_REVIEW'),
  rule('CT-OVC', 'HSNP', 'HOUSEHOLD', 'FORBIDDEN'),
  rule('BHG', 'HSNP', 'HOUSEHOLD', 'FORBIDDEN'),
  rule('BHG', 'CT-OVC', 'HOUSEHOLD', 'NEEDS_REVIEW'),
  rule('BHG', 'SHIS', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('CT-OVC', 'PWSD-CT', 'HOUSEHOLD', 'ALLOWED'),
  rule('CT-OVC', 'HAHG', 'HOUSEHOLD', 'FORBIDDEN'),
  rule('HSNP', 'FOOD', 'HOUSEHOLD', 'NEEDS_REVIEW'),
  rule('HSNP', 'NICHE', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('YPWP', 'ULTP', 'PERSON', 'FORBIDDEN'),
  rule('YPWP', 'NICHE', 'PERSON', 'NEEDS_REVIEW'),
  rule('SHIS', 'OPCT', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('SHIS', 'PWSD-CT', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('SFP', 'CT-OVC', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('SFP', 'FOOD', 'HOUSEHOLD', 'ALLOWED'),
  rule('NAFS', 'FOOD', 'HOUSEHOLD', 'NEEDS_REVIEW'),
  rule('NSSF-P', 'PWSD-CT', 'PERSON', 'NEEDS_REVIEW'),
];

/** Those who deliver payments: two banks and a mobile-money operator, all invented. */
export const providers = [
  { code: 'HIGHLAND', name: 'Highland Savings Bank', kind: 'BANK_ACCOUNT' },
  { code: 'PWANI', name: 'Pwani Cooperative Bank', kind: 'BANK_ACCOUNT' },
  { code: 'TUMA', name: 'Tuma Mobile Money', kind: 'MOBILE_WALLET' },
] as const;

/** The states an enrollment may begin in. */
export const firstStates: readonly EnrollmentStatus[] = ['APPLIED', 'WAITLISTED', 'ENROLLED'];

/** The states an enrollment may pass to from each state, as in the programs registry. States without followers are final. */
export const allowedTransitions: Readonly<Record<EnrollmentStatus, readonly EnrollmentStatus[]>> = {
  APPLIED: ['WAITLISTED', 'ENROLLED', 'NOT_ELIGIBLE', 'DUPLICATED', 'EXITED', 'DECEASED'],
  WAITLISTED: ['ENROLLED', 'NOT_ELIGIBLE', 'EXITED', 'DUPLICATED', 'DECEASED'],
  ENROLLED: ['SUSPENDED', 'AWAITING_RENEWAL', 'GRADUATED', 'EXITED', 'DECEASED', 'DUPLICATED', 'NOT_ELIGIBLE'],
  SUSPENDED: ['ENROLLED', 'EXITED', 'DECEASED', 'DUPLICATED', 'NOT_ELIGIBLE', 'AWAITING_RENEWAL'],
  AWAITING_RENEWAL: ['ENROLLED', 'SUSPENDED', 'EXITED', 'NOT_ELIGIBLE', 'DECEASED', 'GRADUATED', 'DUPLICATED'],
  GRADUATED: [],
  EXITED: [],
  DECEASED: [],
  NOT_ELIGIBLE: [],
  DUPLICATED: [],
};
