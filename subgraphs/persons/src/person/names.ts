/** A name folded for comparing: lower case, without accents, apostrophes, hyphens and spaces. */
export const foldName = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** A number folded for comparing: upper case, without anything but letters and digits. */
export const foldNumber = (value: string): string =>
  value
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
