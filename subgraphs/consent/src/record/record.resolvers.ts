import {
  type Context,
  type PageArguments,
  type Resolvers,
  type Row,
  requestedFields,
  requestedOnType,
  requestedRows,
  type Written,
} from '@commonweal/kit';
import { maskToCategories } from '@commonweal/schema';
import type { GraphQLResolveInfo } from 'graphql';
import { findAgreement } from '../agreement/agreement.repository.ts';
import { personalLog } from '../log/log.repository.ts';
import { consentsOf, findConsent, findPerson, listConsents } from './record.repository.ts';
import { type RecordConsentInput, recordConsent, type WrittenConsent } from './record-consent.ts';
import { withdrawConsent } from './withdraw-consent.ts';

type Info = GraphQLResolveInfo;

/** A consent by reference; null for a text that is none, a consent that is absent, and one out of scope alike. */
async function consentByReference(context: Context, reference: string, requested: ReadonlySet<string>): Promise<Row | null> {
  const referent = context.refs.decode('con', reference);
  return referent === null ? null : findConsent(context, referent, requested);
}

const reference = (consent: Row, _: unknown, context: Context) => context.refs.encode('con', consent.$key, consent.$person!);

/** Resolvers of consents, of what a person's consents and looks are, and of the writes. */
export const recordResolvers: Resolvers = {
  Query: {
    consentRecord: (_: unknown, { id }: { id: string }, context: Context, info: Info) =>
      consentByReference(context, id, requestedFields(info)),
    consentRecords: (_: unknown, args: PageArguments, context: Context, info: Info) => listConsents(context, args, requestedRows(info)),
  },
  Mutation: {
    recordConsent: (_: unknown, { key, input }: { key: string; input: RecordConsentInput }, context: Context) =>
      recordConsent(context, key, input),
    withdrawConsent: (_: unknown, { key, input }: { key: string; input: { consent: string } }, context: Context) =>
      withdrawConsent(context, key, input.consent),
  },
  ConsentPayload: {
    consent: ({ done }: Written<WrittenConsent>, _: unknown, context: Context, info: Info) =>
      done ? findConsent(context, done, requestedFields(info)) : null,
  },
  ConsentRecord: {
    __resolveReference: (r: { id?: string; ref?: string }, context: Context, info: Info) =>
      consentByReference(context, r.id ?? r.ref ?? '', requestedOnType(info, 'ConsentRecord')),
    id: reference,
    ref: reference,
    person: ({ person }: Row) => (typeof person === 'string' ? { $key: person } : null),
    agreement: ({ agreement }: Row, _: unknown, context: Context) =>
      agreement ? findAgreement(context, agreement as { code: string; version: number }) : null,
    categories: ({ categories }: Row) => (typeof categories === 'number' ? maskToCategories(categories) : null),
    history: ({ history }: Row) => history && zipped(history as { status?: string[]; at?: string[] }),
  },
  Person: {
    __resolveReference: ({ id }: { id: string }, context: Context) => {
      const referent = context.refs.decode('per', id);
      return referent === null ? null : findPerson(context, referent.id);
    },
    id: (person: Row, _: unknown, context: Context) => context.refs.encode('per', person.$key),
    consents: (person: Row, args: PageArguments, context: Context, info: Info) =>
      consentsOf(context, person.$key, args, requestedRows(info)),
    accessLog: (person: Row, args: PageArguments, context: Context, info: Info) =>
      personalLog(context, person.$key, args, requestedRows(info)),
  },
};

/** Columns side by side, read separately since each is a right of its own, to rows. */
const zipped = ({ status, at }: { status?: string[]; at?: string[] }) =>
  Array.from({ length: Math.max(status?.length ?? 0, at?.length ?? 0) }, (_, i) => ({ status: status?.[i] ?? null, at: at?.[i] ?? null }));
