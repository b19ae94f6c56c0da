import { type Context, type PageArguments, type Resolvers, type Row, requestedRows } from '@commonweal/kit';
import { maskToCategories } from '@commonweal/schema';
import type { GraphQLResolveInfo } from 'graphql';
import { listAgreements } from './agreement.repository.ts';

/** Resolvers of processing agreements. */
export const agreementResolvers: Resolvers = {
  Query: {
    processingAgreements: (_: unknown, args: PageArguments, context: Context, info: GraphQLResolveInfo) =>
      listAgreements(context, args, requestedRows(info)),
  },
  ProcessingAgreement: {
    categories: ({ categories }: Row) => (typeof categories === 'number' ? maskToCategories(categories) : null),
    notice: ({ notice }: Row, { language }: { language: string }) => inLanguage(notice, language),
  },
};

/** The notice in a language, or in English where there is none in it. */
function inLanguage(notices: unknown, language: string): string | null {
  const texts = notices as Record<string, string> | null | undefined;
  if (!texts) return null;
  return (Object.hasOwn(texts, language) ? texts[language] : texts.en) ?? null;
}
