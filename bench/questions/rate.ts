import { Client } from 'undici';
import { type Answer, post } from '../load.ts';

/** Connections of an open loop: as many requests can be under way. Those that find none free wait, and their time counts. */
const CONNECTIONS = 64;

/** One request of an open loop. */
export interface Sent {
  /** Milliseconds from the moment at which it was to be sent until it was answered. */
  readonly latency: number;
  /** Milliseconds by which the generator itself was late. */
  readonly late: number;
  readonly answer: Answer;
}

/**
 * An open loop: requests are sent by the clock, whether or not those before are answered, as people do who know nothing of each other. Time counts from the planned
 * moment, so that a server that stands still for a while is not spared the requests that would have come. Resolves when all are answered.
 */
export async function byTheClock(
  url: string,
  perSecond: number,
  seconds: number,
  next: () => { body: string; token: string },
  told: (sent: Sent) => void,
): Promise<void> {
  const free = Array.from({ length: CONNECTIONS }, () => new Client(url, { pipelining: 1 }));
  const clients = [...free];
  const waiting: ((client: Client) => void)[] = [];
  const open: Promise<void>[] = [];
  const begin = performance.now();
  async function send(planned: number): Promise<void> {
    const late = performance.now() - planned;
    const client = free.pop() ?? (await new Promise<Client>((resolve) => waiting.push(resolve)));
    const { body, token } = next();
    const answer = await post(client, body, token);
    told({ latency: performance.now() - planned, late, answer });
    const other = waiting.shift();
    if (other) other(client);
    else free.push(client);
  }
  for (let n = 0; n < perSecond * seconds; n++) {
    const planned = begin + (n * 1000) / perSecond;
    const wait = planned - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    open.push(send(planned));
  }
  await Promise.all(open);
  await Promise.all(clients.map((client) => client.close()));
}
