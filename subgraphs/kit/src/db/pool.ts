import postgres from 'postgres';
import { driverAddress } from './socket.ts';

/** A pool of connections of one registry's app role. */
export type Pool = ReturnType<typeof openPool>;

/** Days stay days and moments become ISO texts: no Date objects, whose zone would be the machine's. */
const types = {
  day: { to: 1082, from: [1082], serialize: (x: string) => x, parse: (x: string) => x },
  moment: { to: 1184, from: [1184], serialize: (x: string) => x, parse: (x: string) => new Date(x).toISOString() },
};

/** Opens the pool of a registry: its own schema is on the path, nothing else but extensions. `onStatement` is told the text of each statement. */
export function openPool(url: string, schema: string, max = 16, onStatement?: (text: string) => void) {
  const { url: bare, options } = driverAddress(url);
  return postgres(bare, {
    ...options,
    max,
    types,
    ...(onStatement ? { debug: (_connection: number, text: string) => onStatement(text) } : {}),
    onnotice: () => {},
    connection: { search_path: `${schema},public`, application_name: `commonweal ${schema}` },
    idle_timeout: 0,
  });
}
