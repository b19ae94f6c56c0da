import { randomUUID } from 'node:crypto';
import { HOP_HEADER, HOP_LIFETIME, hopKey, queryHash, type Registrar, type SubgraphName, SYSTEM, signHop } from '@commonweal/schema';
import { Pool as HttpPool } from 'undici';
import type { EventReceiver } from './events/outbox.ts';

/** Calls another registry's process: `POST /internal/<call>` with a hop token over the body. Throws when it does not answer with 200. */
export function internalCaller(url: string, name: SubgraphName, secret: Buffer): (call: string, body: unknown) => Promise<unknown> {
  const pool = new HttpPool(url, { connections: 4 });
  const key = hopKey(secret, name);
  return async (call, body) => {
    const text = JSON.stringify(body);
    const hop = signHop(key, {
      audience: name,
      expires: Date.now() / 1000 + HOP_LIFETIME,
      id: randomUUID(),
      queryHash: queryHash(text),
      principal: SYSTEM,
      epoch: 0,
      digest: '',
      requestId: '',
      operation: 'query',
    });
    const answer = await pool.request({
      path: `/internal/${call}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', [HOP_HEADER]: hop },
      body: text,
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new Error(`${name}: ${call} answered ${answer.statusCode}`);
    }
    return answer.body.json();
  };
}

/** The registrar of another process. */
export function remoteRegistrar(url: string, secret: Buffer): Registrar {
  const call = internalCaller(url, 'consent', secret);
  return {
    policies: (knownEpoch) => call('policies', { knownEpoch }) as ReturnType<Registrar['policies']>,
    audit: async (records) => void (await call('audit', records)),
  };
}

/** Another process that takes events. */
export function remoteReceiver(url: string, name: SubgraphName, secret: Buffer): EventReceiver {
  const call = internalCaller(url, name, secret);
  return { name, receive: async (events) => void (await call('events', events)) };
}
