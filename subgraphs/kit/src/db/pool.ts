import postgres from 'postgres';
import { Connections } from './connections.ts';
import { driverAddress } from './socket.ts';

/**
 * A pool of connections of one registry's app role: for single statements, with `connections` for the transactions of requests, and with `shared` for statements that
 * requests share. Those have connections of their own: a request that waits for its row may stand in a transaction, and were all connections taken by such requests, they
 * would wait for ever.
 */
export type Pool = ReturnType<typeof openClient> & { readonly connections: Connections; readonly shared: Connections };

/** Connections for shared statements at the most, which are opened when they are needed: a quarter as many as for requests, and so many. */
const MOST_SHARED = 4;

/** A moment of our own era in UTC, as the server writes it. */
const MOMENT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/;

/** A moment as ISO text with milliseconds: `2024-03-01T04:30:00.000Z`. Lists are full of them, and making a Date of each would cost more than reading it. */
function momentOf(text: string): string {
  const [, day, time, fraction = ''] = MOMENT.exec(text) ?? [];
  return day === undefined ? new Date(text).toISOString() : `${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}

/** Days stay days and moments become ISO texts: no Date objects, whose zone would be the machine's. */
const types = {
  day: { to: 1082, from: [1082], serialize: (x: string) => x, parse: (x: string) => x },
  moment: { to: 1184, from: [1184], serialize: (x: string) => x, parse: momentOf },
};

/**
 * Seconds until the next try to connect after so many failures. The driver's own waits grow to twenty: a registry would stand still for as long after its database
 * is back.
 */
const pauseAfter = (failures: number): number => Math.min(0.05 * 2 ** failures, 1) * (0.5 + Math.random() / 2);

/** How a client of the driver is opened. */
export interface ClientSettings {
  readonly url: string;
  /** The registry's own schema: on the path is nothing else but extensions. */
  readonly schema: string;
  /** Connections at the most. */
  readonly max: number;
  /** Told the text of each statement. */
  readonly onStatement?: ((text: string) => void) | undefined;
  /** Told when a connection has closed. */
  readonly onClosed?: () => void;
}

/** Opens the pool of a registry. `onStatement` is told the text of each statement. */
export function openPool(url: string, schema: string, max = 16, onStatement?: (text: string) => void): Pool {
  const settings = { url, schema, max, onStatement };
  const open = (most: number) => new Connections((onClosed) => openClient({ ...settings, max: 1, onClosed }), most);
  const connections = open(max);
  const shared = open(Math.min(MOST_SHARED, Math.ceil(max / 4)));
  const client = openClient(settings);
  const { end } = client;
  return Object.assign(client, {
    connections,
    shared,
    async end(how?: Parameters<typeof end>[0]) {
      await Promise.all([connections.close(), shared.close()]);
      await end(how);
    },
  });
}

/** Opens a client of the driver. */
export function openClient({ url, schema, max, onStatement, onClosed }: ClientSettings) {
  const { url: bare, options } = driverAddress(url);
  return postgres(bare, {
    ...options,
    max,
    types,
    ...(onStatement ? { debug: (_connection: number, text: string) => onStatement(text) } : {}),
    ...(onClosed ? { onclose: onClosed, max_lifetime: null } : {}),
    backoff: pauseAfter,
    onnotice: () => {},
    connection: { search_path: `${schema},public`, application_name: `commonweal ${schema}` },
    idle_timeout: 0,
  });
}
