import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { flag, jwks, networks, number, oneOf, secret, someOf, text, token, url } from './config.kinds.ts';
import { type Config, readSettings, type Setting } from './config.settings.ts';

/** Issuer of the tokens that a laptop signs for itself. The gateway refuses it in production. */
export const DEV_ISSUER = 'urn:commonweal:dev-issuer';
/** Audience of a gateway on a laptop. */
export const DEV_AUDIENCE = 'commonweal';
/** Each key of the development issuer has a `kid` that begins with this, so that it is recognised under any other issuer's name. */
export const DEV_KEY_PREFIX = 'commonweal-dev-';
/** Secret of a deployment on a laptop that was given none, base64. */
export const DEV_SECRET = Buffer.from('development only: this secret is printed in the source').toString('base64');

/** Signature algorithms a token may have. Symmetric ones and `none` are not on the list and cannot be put on it. */
export const TOKEN_ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const;

const subgraphUrl = (name: SubgraphName): [SubgraphName, Setting<URL | null>] => [
  name,
  url(`COMMONWEAL_URL_${name.toUpperCase()}`, `Where the ${name} subgraph listens; needed when it runs as a process of its own.`),
];

/** Every setting of the gateway. The README's table and `--help` are printed from here. */
export const SETTINGS = {
  environment: oneOf('COMMONWEAL_ENV', ['production', 'development'], {
    default: 'production',
    about: 'Development has laptop defaults (secret, issuer, playground); they do not exist in production. `npm start` takes development.',
  }),
  host: text('COMMONWEAL_HOST', { default: '127.0.0.1', about: 'Address to listen on.' }),
  port: number('COMMONWEAL_PORT', { default: 4000, from: 0, to: 65_535, about: 'TCP port to listen on; 0 takes a free one.' }),
  oidc: {
    issuer: text('COMMONWEAL_OIDC_ISSUER', { development: DEV_ISSUER, about: 'Issuer (`iss`) of the tokens, exactly.' }),
    audience: text('COMMONWEAL_OIDC_AUDIENCE', { development: DEV_AUDIENCE, about: 'Audience (`aud`) a token must have, exactly.' }),
    jwks: jwks('COMMONWEAL_OIDC_JWKS', 'Public keys of the issuer: an https URL, or the path of a JWKS file.'),
    algorithms: someOf('COMMONWEAL_OIDC_ALGORITHMS', TOKEN_ALGORITHMS, { about: 'Signature algorithms that are accepted.' }),
    clockTolerance: number('COMMONWEAL_OIDC_CLOCK_TOLERANCE', { default: 5, from: 0, to: 60, about: 'Seconds that clocks may differ.' }),
    claims: {
      consumer: text('COMMONWEAL_CLAIM_CONSUMER', { default: 'consumer', about: 'Claim that names the consumer (organisation).' }),
      user: text('COMMONWEAL_CLAIM_USER', { default: 'sub', about: 'Claim that names the user within the consumer.' }),
      purposes: text('COMMONWEAL_CLAIM_PURPOSES', { default: 'purposes', about: 'Claim that lists the purposes.' }),
      scope: text('COMMONWEAL_CLAIM_SCOPE', { default: 'scope', about: 'Claim that holds the allowed uses, separated by spaces.' }),
      person: text('COMMONWEAL_CLAIM_PERSON', { default: 'person', about: "Claim that holds a beneficiary's internal id." }),
      areas: text('COMMONWEAL_CLAIM_AREAS', { default: 'areas', about: 'Claim that confines the user to areas.' }),
      programs: text('COMMONWEAL_CLAIM_PROGRAMS', { default: 'programs', about: 'Claim that confines the user to programs.' }),
    },
  },
  secret: secret('COMMONWEAL_SECRET', {
    development: DEV_SECRET,
    about: 'Secret of the deployment in base64, 32 bytes or more, the same for gateway and registries: it signs the calls between them.',
  }),
  subgraphs: Object.fromEntries(SUBGRAPHS.map(subgraphUrl)) as Record<SubgraphName, Setting<URL | null>>,
  limits: {
    bodyBytes: number('COMMONWEAL_LIMIT_BODY', {
      default: 256 * 1024,
      from: 1024,
      to: 16 * 1024 * 1024,
      about: 'Largest request body, bytes.',
    }),
    tokens: number('COMMONWEAL_LIMIT_TOKENS', { default: 2000, from: 10, to: 100_000, about: 'Most lexical tokens of an operation.' }),
    depth: number('COMMONWEAL_LIMIT_DEPTH', { default: 14, from: 1, to: 100, about: 'Deepest nesting of an operation.' }),
    aliases: number('COMMONWEAL_LIMIT_ALIASES', { default: 30, from: 0, to: 10_000, about: 'Most aliases of an operation.' }),
    rootFields: number('COMMONWEAL_LIMIT_ROOT_FIELDS', {
      default: 10,
      from: 1,
      to: 1000,
      about: 'Most fields at the top of an operation.',
    }),
    cost: number('COMMONWEAL_LIMIT_COST', {
      default: 10_000,
      from: 1,
      to: 100_000_000,
      about: 'Most objects an operation may answer with.',
    }),
    requestsPerSecond: number('COMMONWEAL_RATE', {
      default: 50,
      from: 1,
      to: 1_000_000,
      about: 'Requests per second of one consumer, per gateway process; of one beneficiary among those that it serves, a tenth of them.',
    }),
    burst: number('COMMONWEAL_RATE_BURST', {
      default: 100,
      from: 0,
      to: 1_000_000,
      about: 'Requests above that rate that a consumer may send within ten seconds; a beneficiary, a tenth of them.',
    }),
    timeoutMs: number('COMMONWEAL_REQUEST_TIMEOUT', {
      default: 10_000,
      from: 100,
      to: 600_000,
      about: 'Milliseconds until the registries must have answered a request.',
    }),
  },
  audit: {
    waitMs: number('COMMONWEAL_AUDIT_WAIT', {
      default: 5000,
      from: 100,
      to: 60_000,
      about: 'Milliseconds to wait for the audit record to be on disk before the answer is refused.',
    }),
  },
  trustedProxies: networks(
    'COMMONWEAL_TRUSTED_PROXIES',
    'Addresses or networks (CIDR) of the proxies in front, whose `x-forwarded-for` is believed; none unless listed.',
  ),
  playground: flag('COMMONWEAL_PLAYGROUND', { production: false, development: true, about: 'Serve the playground at /playground.' }),
  metricsToken: token(
    'COMMONWEAL_METRICS_TOKEN',
    'Bearer token for /metrics, 32 characters or more. Without it /metrics is open in development and closed in production.',
  ),
  otelEndpoint: url('COMMONWEAL_OTEL_ENDPOINT', 'Base URL of an OpenTelemetry collector (OTLP over HTTP); no spans without it.'),
  logLevel: oneOf('COMMONWEAL_LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    about: 'Least severe level that is logged.',
  }),
} as const;

/** All settings of a gateway, parsed and frozen. Its shape is the shape of `SETTINGS`. */
export type GatewayConfig = Config<typeof SETTINGS>;

/**
 * Reads the settings from an environment, once. Throws `ConfigError` with a sentence for each variable that is wrong.
 * `others` are the COMMONWEAL_* variables that belong to other programs started from the same environment.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env, others: readonly string[] = []): GatewayConfig {
  return readSettings(SETTINGS, env, others, (config) => {
    if (config.environment !== 'production') return [];
    const faults: string[] = [];
    if (config.oidc.issuer === DEV_ISSUER)
      faults.push(`COMMONWEAL_OIDC_ISSUER is the development issuer (${DEV_ISSUER}), which is refused in production.`);
    if (config.secret.toString('base64') === DEV_SECRET)
      faults.push('COMMONWEAL_SECRET is the one printed in the source, which is refused in production.');
    return faults;
  });
}
