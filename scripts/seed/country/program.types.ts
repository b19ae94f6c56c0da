import type { BenefitType } from './codes.ts';

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
