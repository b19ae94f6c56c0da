import { existsSync } from 'node:fs';

/** The name under which a url says the folder of a Unix socket, as libpq has it. */
const HOST = 'host';

/** A url that reaches the same server by its Unix socket in a folder, when there is one: cheaper than TCP on one machine. */
export function bySocket(url: string, folder: string | undefined): string {
  const to = new URL(url);
  if (folder === undefined || !existsSync(pathIn(folder, to))) return url;
  to.searchParams.set(HOST, folder);
  return to.href;
}

/** Url and options for the driver: it takes a Unix socket by its path, and `host` in a url for a setting of the session. */
export function driverAddress(url: string): { readonly url: string; readonly options: { readonly path?: string } } {
  const to = new URL(url);
  const folder = to.searchParams.get(HOST);
  if (folder === null || !folder.startsWith('/')) return { url, options: {} };
  to.searchParams.delete(HOST);
  return { url: to.href, options: { path: pathIn(folder, to) } };
}

const pathIn = (folder: string, { port }: URL) => `${folder}/.s.PGSQL.${port || 5432}`;
