import type { ConsumerKind } from './classes.ts';

/** Who asks, for whom and for what: what a verified token and the headers say. Plain data, carried by the signed hop. */
export interface Principal {
  /** Code of the consumer (organisation), as in the consent registry. */
  readonly consumer: string;
  /** The person or system within the consumer; never shown to other consumers. */
  readonly user: string;
  /** The one purpose stated for this request. */
  readonly purpose: string;
  /** Uses that the token allows, lower case (`read`, `filter`, ...). What is not listed is not allowed. */
  readonly scopes: readonly string[];
  /** Internal id of the person, for a beneficiary; null for anybody else. */
  readonly person: string | null;
  /** Area codes the user is confined to; null when the token says nothing of areas. */
  readonly areas: readonly string[] | null;
  /** Program codes the user is confined to; null when the token says nothing of programs. */
  readonly programs: readonly string[] | null;
}

/** The caller without a token: a principal without rights beyond public information. */
export const ANONYMOUS: Principal = Object.freeze({
  consumer: 'anonymous',
  user: 'anonymous',
  purpose: 'PUBLIC_INFORMATION',
  scopes: Object.freeze(['read']),
  person: null,
  areas: null,
  programs: null,
});

/** What a consumer may run: any operation that it writes, or only those that were registered for it. */
export type OperationsMode = 'ANY' | 'REGISTERED';

/** A consumer as the consent registry knows it. */
export interface Consumer {
  readonly id: string;
  readonly kind: ConsumerKind;
  readonly name: string;
  /** Outside government each consumer sees references of its own, so that no two can join what they hold. */
  readonly outsideGovernment: boolean;
  /** Internal id of the payment provider that this consumer is, or null. */
  readonly provider: string | null;
  readonly suspended: boolean;
  /** Whatever is not ANY is REGISTERED. */
  readonly operations: OperationsMode;
}

/** The principal of calls between our own processes, outside the graph. It has no rights in the graph. */
export const SYSTEM: Principal = Object.freeze({
  consumer: 'commonweal',
  user: 'system',
  purpose: 'ADMINISTRATION',
  scopes: Object.freeze([]),
  person: null,
  areas: null,
  programs: null,
});
