import { isIP } from 'node:net';
import path from 'node:path';
import type { Environment, Setting } from './config.settings.ts';

const mustBeSet = (): never => {
  throw new Error('must be set.');
};
const shownDefault = (value: string | undefined) => value ?? 'required';

/** A text without control characters. Without any default it must be set; `development` is a default that production lacks. */
export function text(name: string, options: { default?: string; development?: string; about: string }): Setting<string> {
  const { about, development } = options;
  return {
    name,
    about,
    shown: development === undefined ? shownDefault(options.default) : `required; \`${development}\` in development`,
    absent: (environment) => options.default ?? (environment === 'development' ? development : undefined) ?? mustBeSet(),
    parse(raw) {
      if (/\p{Cc}/u.test(raw) || raw.trim() !== raw) throw new Error('must not contain control characters, nor begin or end with a space.');
      return raw;
    },
  };
}

/** A whole number within bounds. */
export function number(name: string, options: { default: number; from: number; to: number; about: string }): Setting<number> {
  const { from, to, about } = options;
  return {
    name,
    about,
    shown: String(options.default),
    absent: () => options.default,
    parse(raw) {
      const value = /^\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
      if (!(value >= from && value <= to)) throw new Error(`must be a whole number from ${from} to ${to}; it is "${raw}".`);
      return value;
    },
  };
}

/** One word of a closed list. */
export function oneOf<const T extends string>(
  name: string,
  choices: readonly T[],
  options: { default: NoInfer<T>; about: string },
): Setting<T> {
  return { name, about: options.about, shown: options.default, absent: () => options.default, parse: (raw) => choice(choices, raw) };
}

/** Words of a closed list, separated by commas; all of them unless told otherwise. */
export function someOf<const T extends string>(name: string, choices: readonly T[], options: { about: string }): Setting<readonly T[]> {
  return {
    name,
    about: options.about,
    shown: choices.join(','),
    absent: () => Object.freeze([...choices]),
    parse: (raw) => Object.freeze([...new Set(raw.split(',').map((word) => choice(choices, word.trim())))]),
  };
}

function choice<T extends string>(choices: readonly T[], raw: string): T {
  const found = choices.find((c) => c === raw);
  if (found === undefined) throw new Error(`must be one of ${choices.join(', ')}; it is "${raw}".`);
  return found;
}

/** Addresses or networks, separated by commas; none by default. */
export function networks(name: string, about: string): Setting<readonly string[]> {
  return {
    name,
    about,
    shown: 'none',
    absent: () => [],
    parse(raw) {
      const list = raw.split(',').map((word) => word.trim());
      for (const entry of list) {
        const [address = '', bits, ...rest] = entry.split('/');
        const family = isIP(address);
        const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
        if (family === 0 || !fits || rest.length > 0)
          throw new Error(`must list IP addresses or networks such as 10.0.0.0/8; "${entry}" is none.`);
      }
      return Object.freeze(list);
    },
  };
}

/** `on` or `off`, with a default for each environment. */
export function flag(name: string, options: Record<Environment, boolean> & { about: string }): Setting<boolean> {
  const word = (on: boolean) => (on ? 'on' : 'off');
  const { production, development } = options;
  return {
    name,
    about: options.about,
    shown: production === development ? word(production) : `${word(production)}; ${word(development)} in development`,
    absent: (environment) => options[environment],
    parse: (raw) => choice(['on', 'off'], raw) === 'on',
  };
}

/** An http or https URL without credentials, query or fragment; null when absent. */
export function url(name: string, about: string): Setting<URL | null> {
  return { name, about, shown: 'none', absent: () => null, parse: httpUrl };
}

function httpUrl(raw: string): URL {
  const parsed = URL.parse(raw);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new Error('must be an http or https URL.');
  if (parsed.username || parsed.password || parsed.search || parsed.hash)
    throw new Error('must be a URL without credentials, query and fragment.');
  return parsed;
}

const LEAST_SECRET_BYTES = 32;
const fromFile = (name: string, about: string) => ({
  name,
  about: `${about} \`${name}_FILE\` may name a file that holds it.`,
  fromFile: true,
});

/** Secret bytes in base64, as `openssl rand -base64 32` prints them. Never printed. */
export function secret(name: string, options: { about: string; development: string }): Setting<Buffer> {
  const read = (raw: string): Buffer => {
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(raw)) throw new Error('must be base64, such as `openssl rand -base64 32` prints.');
    const bytes = Buffer.from(raw, 'base64');
    if (bytes.length < LEAST_SECRET_BYTES) throw new Error(`must have ${LEAST_SECRET_BYTES} bytes or more; it has ${bytes.length}.`);
    if (new Set(bytes).size < 8) throw new Error('must be random; it repeats a few bytes.');
    return bytes;
  };
  return {
    ...fromFile(name, options.about),
    shown: 'required; a known one in development',
    absent: (environment) => (environment === 'development' ? read(options.development) : mustBeSet()),
    parse: read,
  };
}

/** A token that a caller must show, as text; null when absent. Never printed. */
export function token(name: string, about: string): Setting<Buffer | null> {
  return {
    ...fromFile(name, about),
    shown: 'none',
    absent: () => null,
    parse(raw) {
      if (raw.length < LEAST_SECRET_BYTES || !/^[\x21-\x7e]+$/.test(raw))
        throw new Error(`must be ${LEAST_SECRET_BYTES} or more printable characters without spaces.`);
      return Buffer.from(raw);
    },
  };
}

/** Where an issuer's public keys are. */
export type KeySource = { readonly kind: 'url'; readonly url: URL } | { readonly kind: 'file'; readonly file: string };

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A JWKS: an https URL (http only on loopback, in development), or the path of a file. */
export function jwks(name: string, about: string): Setting<KeySource> {
  return {
    name,
    about,
    shown: 'required',
    absent: mustBeSet,
    parse(raw, environment) {
      if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(raw)) return Object.freeze({ kind: 'file', file: path.resolve(raw) });
      const source = httpUrl(raw);
      const isPlainAllowed = environment === 'development' && LOOPBACK.test(source.hostname);
      if (source.protocol !== 'https:' && !isPlainAllowed)
        throw new Error('must be an https URL: whoever can change the keys can sign tokens.');
      return Object.freeze({ kind: 'url', url: source });
    },
  };
}
