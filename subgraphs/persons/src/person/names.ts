// Letters that Unicode takes for letters of their own and not for others with an accent. Keyboards at counters have none of them, and ß has no capital that would
// come back as itself. What is stored was folded by this table: who changes it writes a migration (0010_folded_names.sql).
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ø: 'o',
  ɔ: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ɖ: 'd',
  ɗ: 'd',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ɓ: 'b',
  ƙ: 'k',
  ƴ: 'y',
  ɛ: 'e',
  ƒ: 'f',
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/** A name folded for comparing: lower case, without accents, apostrophes, hyphens and spaces, in letters that any Latin keyboard has if it is in Latin ones. */
export const foldName = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(SPECIAL, (letter) => LETTERS[letter]!);

/** A number folded for comparing: upper case, digits of all scripts as 0 to 9, without anything but letters and digits. */
export const foldNumber = (value: string): string =>
  value
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/(?![0-9])\p{Nd}/gu, plainDigit);

const isDigit = (code: number): boolean => /\p{Nd}/u.test(String.fromCodePoint(code));

/** Unicode has the ten digits of each script in a row, beginning with zero. */
function plainDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  let before = 0;
  while (isDigit(code - before - 1)) before++;
  return String(before % 10);
}

/** The fewest letters and digits of a number that is put on record. */
export const SHORTEST_NUMBER = 4;
