import { type Refusal, Refused } from '@commonweal/kit';

/** An input that breaks a rule; `path` is below `input`. */
export const invalid = (message: string, ...path: string[]): Refusal => ({ code: 'INVALID', message, path: ['input', ...path] });

/** Refuses a write as a whole. */
export const refuse = (code: Refusal['code'], message: string, ...path: string[]): never => {
  throw new Refused({ code, message, path: ['input', ...path] });
};

/** Faults of texts that are kept as they are written: too long, or with control characters (of which PostgreSQL keeps not even all). */
export const textFaults = (texts: Readonly<Record<string, string | null | undefined>>, longest: number, ...path: string[]): Refusal[] =>
  Object.entries(texts).flatMap(([name, text]) =>
    text != null && (text.length > longest || /\p{Cc}/u.test(text))
      ? [invalid(`At most ${longest} characters, none of them a control character.`, ...path, name)]
      : [],
  );

/** The day that it is now, UTC. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** The earliest day on which anybody on record can have been born. */
export const EARLIEST_BIRTH = '1890-01-01';
