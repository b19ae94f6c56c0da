/** The media types of an answer, the preferred one first. */
const TYPES = [
  { name: 'application/json', header: 'application/json; charset=utf-8' },
  { name: 'application/graphql-response+json', header: 'application/graphql-response+json; charset=utf-8' },
] as const;

const REMEMBERED = 100;
const remembered = new Map<string, string | null>();

/**
 * The content type of an answer for a header `accept`, or null when it takes neither of ours (RFC 9110, 12.5.1): the highest weight, then the range
 * that says more, then the one that stands first. Without the header, JSON.
 */
export function contentTypeFor(accept: string | undefined): string | null {
  if (accept === undefined) return TYPES[0].header;
  const known = remembered.get(accept);
  if (known !== undefined) return known;
  const chosen = choose(accept);
  // Clients send a handful of different ones; whoever sends thousands is answered at the price of reading each.
  if (remembered.size < REMEMBERED && accept.length < 200) remembered.set(accept, chosen);
  return chosen;
}

interface Range {
  readonly type: string;
  readonly weight: number;
  readonly place: number;
}

function choose(accept: string): string | null {
  const ranges = accept.split(',').map(rangeOf);
  let best: { readonly header: string; readonly rank: readonly number[] } | null = null;
  for (const [i, { name, header }] of TYPES.entries()) {
    const range = mostSpecific(ranges, name);
    if (!range || range.weight <= 0) continue;
    const rank = [range.weight, saysMore(range.type, name), -range.place, -i];
    if (!best || isGreater(rank, best.rank)) best = { header, rank };
  }
  return best?.header ?? null;
}

function rangeOf(text: string, place: number): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((p) => p.startsWith('q='))?.slice(2);
  return { type, weight: weight === undefined ? 1 : Number(weight), place };
}

/** 2 for the type itself, 1 for all of its kind, 0 for everything, -1 when the range does not hold it. */
function saysMore(range: string, name: string): number {
  if (range === name) return 2;
  if (range === 'application/*') return 1;
  return range === '*/*' ? 0 : -1;
}

const mostSpecific = (ranges: readonly Range[], name: string): Range | undefined =>
  ranges
    .filter((range) => saysMore(range.type, name) >= 0)
    .toSorted((a, b) => saysMore(b.type, name) - saysMore(a.type, name))
    .at(0);

const isGreater = (a: readonly number[], b: readonly number[]): boolean => {
  const first = a.findIndex((value, i) => value !== b[i]);
  return first >= 0 && a[first]! > b[first]!;
};
