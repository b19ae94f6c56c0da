import { readFileSync } from 'node:fs';
import { documentIdOf, PERSONAS, type RegisteredOperations } from '@commonweal/schema';

/** A question that the bare engine and the product are asked. */
export interface ProductQuestion {
  readonly name: string;
  readonly about: string;
  readonly text: string;
  /** Persona who asks it, and the purpose for which. */
  readonly persona: string;
  readonly purpose: string;
  /** Variables of the n-th request. */
  readonly variables: (n: number) => Readonly<Record<string, unknown>>;
}

/** Requests that differ in their variables. */
export const DIFFERENT = 200;

const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The questions: the one that a registry is asked all day, and a page about a whole household. */
export const PRODUCT_QUESTIONS: readonly ProductQuestion[] = [
  {
    name: 'verification',
    about: 'a verification at a clinic, two calls one after the other',
    text: text('../../../gateway/e2e/questions/verify-beneficiary.graphql'),
    persona: 'clinic',
    purpose: 'SERVICE_VERIFICATION',
    variables: (n) => ({
      identifier: { type: 'UIN', value: String(10_000_000 + n) },
      birthDate: '1960-01-01',
      surname: 'Ekiru',
      program: 'OPCT',
    }),
  },
  {
    name: 'household',
    about: 'a household across programs, one call and then two side by side',
    text: text('household.graphql'),
    persona: 'case-worker',
    purpose: 'CASE_MANAGEMENT',
    variables: (n) => ({ id: `household-${1000 + n}` }),
  },
];

/** All questions, registered for those who ask them. */
export const REGISTERED: RegisteredOperations = {
  epoch: 1,
  operations: PRODUCT_QUESTIONS.map(({ name, text, persona, purpose }) => ({
    id: documentIdOf(text),
    consumer: PERSONAS[persona]!.consumer,
    purpose,
    name,
    text,
  })),
};
