import type { PlaygroundPersona } from '@commonweal/gateway/http/playground.types.ts';

/** Who asks, as the page knows it: what goes into the headers, and what the banner tells. */
export interface Caller {
  /** Tells two callers apart, whatever their tokens. */
  readonly key: string;
  readonly title: string;
  readonly organization: string | null;
  readonly purpose: string | null;
  readonly lawfulBasis: string | null;
  readonly disclosure: 'HIDE' | 'DENY' | null;
  readonly token: string | null;
}

/** What was chosen in the bar: a persona of the local system, or a token that somebody pasted. */
export type Choice =
  | { readonly kind: 'persona'; readonly name: string; readonly purpose: string }
  | { readonly kind: 'token'; readonly token: string | null; readonly purpose: string | null };

/** The caller that a choice stands for; null when no persona has that name. */
export function callerOf(choice: Choice, personas: readonly PlaygroundPersona[]): Caller | null {
  if (choice.kind === 'token') return callerOfToken(choice.token, choice.purpose);
  const persona = personas.find((p) => p.name === choice.name);
  const purpose = persona?.purposes.find((p) => p.purpose === choice.purpose) ?? persona?.purposes[0];
  if (!persona || !purpose) return null;
  return { key: `${persona.name} ${purpose.purpose}`, title: persona.title, organization: persona.organization, ...purpose };
}

function callerOfToken(token: string | null, purpose: string | null): Caller {
  const unknown = { lawfulBasis: null, disclosure: null, token, purpose };
  if (token === null) return { ...unknown, key: 'no token', title: 'Anybody, without a token', organization: null };
  const claims = claimsOf(token);
  const { sub, consumer } = claims;
  return {
    ...unknown,
    key: `${token} ${purpose}`,
    title: typeof sub === 'string' ? sub : 'The bearer of your token',
    organization: typeof consumer === 'string' ? consumer : null,
  };
}

/** Purposes that a token carries, as far as it can be read. The gateway decides; this only fills a list. */
export function purposesOf(token: string): readonly string[] {
  const { purposes } = claimsOf(token);
  return Array.isArray(purposes) ? purposes.filter((p): p is string => typeof p === 'string') : [];
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const payload = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '';
    const bytes = Uint8Array.from(atob(payload), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    // Not a JWT that can be read: the gateway will say what it thinks of it.
    return {};
  }
}
