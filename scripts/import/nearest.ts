/** The name of a list that is most like a given one, for errors that suggest what was meant; null when none is. */
export function nearest(name: string, names: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const scored = names.map((known) => ({ known, distance: editDistance(plain(name), plain(known)) }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(2, Math.ceil(name.length / 2)) ? best.known : null;
}

/** ` Did you mean "x"?`, or nothing. */
export function meant(name: string, names: readonly string[]): string {
  const known = nearest(name, names);
  return known === null ? '' : ` Did you mean "${known}"?`;
}

/** How many letters must be added, taken away or replaced (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
