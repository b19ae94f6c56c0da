import type { AccessClass, AccessUse } from '../access/classes.ts';
import type { Disclosure, SharingPolicy } from '../access/policy.ts';

/** A sharing policy of the demo country; programs and providers are named by code, and get their ids when it is seeded. */
export interface ReferencePolicy extends Omit<SharingPolicy, 'id' | 'programs' | 'providers' | 'validFrom' | 'validUntil'> {
  readonly programs: Readonly<Record<string, string>>;
  readonly programCodes: readonly string[];
  readonly providerCodes: readonly string[];
}

/** What may be done with which classes. */
export type Grants = Partial<Record<AccessClass, readonly AccessUse[]>>;
const PUBLIC: Grants = { OPEN: ['READ'] };
/** The same uses of several classes. */
export const give = (uses: readonly AccessUse[], ...classes: AccessClass[]): Grants => Object.fromEntries(classes.map((c) => [c, uses]));
const COUNTRY = ['KE'];

interface Wish {
  readonly consumer: string;
  readonly purpose: string;
  readonly lawfulBasis: string;
  readonly grants: Grants;
  readonly disclosure: Disclosure;
  readonly agreement?: string;
  readonly areas?: readonly string[];
  readonly programCodes?: readonly string[];
  readonly allOrdinaryPrograms?: boolean;
  readonly providerCodes?: readonly string[];
  readonly allProviders?: boolean;
  readonly selfOnly?: boolean;
  readonly fieldsOnly?: SharingPolicy['fieldsOnly'];
  readonly actions?: readonly string[];
  readonly consentClasses?: readonly AccessClass[];
  readonly consentForRows?: boolean;
}

/** A policy from what is special about it: over the whole country, for no program, with what is open to all besides what is wished. */
export const policy = (w: Wish): ReferencePolicy =>
  ({
    agreement: null,
    areas: COUNTRY,
    programs: {},
    programCodes: [],
    allOrdinaryPrograms: false,
    providerCodes: [],
    providers: [],
    allProviders: false,
    selfOnly: false,
    fieldsOnly: {},
    actions: [],
    consentClasses: [],
    consentForRows: false,
    ...w,
    grants: { ...PUBLIC, ...w.grants },
  }) as ReferencePolicy;
