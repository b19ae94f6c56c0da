import type { DateFormat, Step } from './mapping.ts';

/** What a report may say of a value without giving it away. */
export type ValueClass = 'empty' | 'text' | 'number' | 'date' | 'too long' | 'formula' | 'control characters' | 'row' | `code "${string}"`;

/** The class of a value that is not repeated. */
export function classOf(text: string): ValueClass {
  if (text === '') return 'empty';
  if (/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/.test(text)) return 'date';
  if (/^[+-]?\d+([.,]\d+)?$/.test(text)) return 'number';
  return 'text';
}

/** The class of a code: codes are no personal values, so a short one is shown, without what a spreadsheet or terminal would act on. */
export function codeClass(text: string): ValueClass {
  if (text === '') return 'empty';
  return text.length > 24 ? 'too long' : `code "${text.replace(/[^\p{L}\p{N} ._/-]/gu, '?')}"`;
}

// Spreadsheets run a cell that begins so. A plus or minus alone begins telephone numbers and placeholders too.
const FORMULA = /^[=@]|^[+-].*[(=!|]/;
// All control characters but tab and line ends.
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** Why a text may not be stored; null when it may. */
export function hazardOf(text: string, most: number): { class: ValueClass; reason: string } | null {
  if (text.length > most) return { class: 'too long', reason: `longer than ${most} characters` };
  if (CONTROL.test(text)) return { class: 'control characters', reason: 'holds control characters' };
  if (FORMULA.test(text)) return { class: 'formula', reason: 'begins like a formula' };
  return null;
}

/** A day of the calendar that exists, YYYY-MM-DD. */
export const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

const DATES: Readonly<Record<DateFormat, { pattern: RegExp; year: number; month: number; day: number }>> = {
  ISO: { pattern: /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/, year: 1, month: 2, day: 3 },
  'DD/MM/YYYY': { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, year: 3, month: 2, day: 1 },
  'MM/DD/YYYY': { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, year: 3, month: 1, day: 2 },
  'DD.MM.YYYY': { pattern: /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, year: 3, month: 2, day: 1 },
  'DD-MM-YYYY': { pattern: /^(\d{1,2})-(\d{1,2})-(\d{4})$/, year: 3, month: 2, day: 1 },
  YYYYMMDD: { pattern: /^(\d{4})(\d{2})(\d{2})$/, year: 1, month: 2, day: 3 },
};

const TRUE = ['1', 'true', 't', 'yes', 'y'];
const FALSE = ['0', 'false', 'f', 'no', 'n'];

/** Does one step to a value that is not empty. Returns null when the value is not what the step takes. */
export function applyStep(text: string, step: Step): string | null {
  if (typeof step === 'object') {
    if ('prefix' in step) return `${step.prefix}${text}`;
    const { pattern, year, month, day } = DATES[step.date];
    const found = pattern.exec(text);
    if (!found) return null;
    const iso = `${found[year]}-${found[month]!.padStart(2, '0')}-${found[day]!.padStart(2, '0')}`;
    return isDay(iso) ? iso : null;
  }
  switch (step) {
    case 'trim':
      return text.trim();
    case 'upper':
      return text.toUpperCase();
    case 'lower':
      return text.toLowerCase();
    case 'number': {
      // Commas and blanks between thousands; the last sign before one or two digits is the decimal one.
      const plain = text
        .replace(/[ \u00a0']/g, '')
        .replace(/,(?=\d{3}(\D|$))/g, '')
        .replace(',', '.');
      return /^[+-]?\d+(\.\d+)?$/.test(plain) ? plain : null;
    }
    case 'boolean': {
      const word = text.toLowerCase();
      return TRUE.includes(word) ? 'true' : FALSE.includes(word) ? 'false' : null;
    }
  }
}

/** What a value should have been, for the reason of a refusal. */
export const stepWants = (step: Step): string =>
  typeof step === 'object'
    ? 'date' in step
      ? `no day written ${step.date === 'ISO' ? 'YYYY-MM-DD' : step.date}`
      : 'no text'
    : step === 'number'
      ? 'no number'
      : step === 'boolean'
        ? 'neither yes nor no'
        : 'no text';
