import { Client } from 'undici';

/** What came back: enough to count it and to see that it is no fault. The whole of it is not kept, as the generator shares the machine with what it measures. */
export interface Answer {
  readonly status: number;
  readonly bytes: number;
  /** The first piece of the body. */
  readonly first: Buffer | undefined;
}

/** One request by the bare dispatcher. Rejects when the connection fails; `status` is then 0 unless the answer had begun. */
export function post(client: Client, body: string, token: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let bytes = 0;
    let first: Buffer | undefined;
    const headers = { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` };
    client.dispatch(
      { method: 'POST', path: '/graphql', headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, code) {
          status = code;
        },
        onResponseData(_controller, chunk) {
          first ??= chunk;
          bytes += chunk.length;
        },
        onResponseEnd() {
          resolve({ status, bytes, first });
        },
        onResponseError: (_controller, error) => reject(status === 0 ? error : new Error(`broken off: ${error.message}`)),
      },
    );
  });
}

const WITH_ERRORS = Buffer.from('{"errors"');

/** What is wrong with an answer, or null: its status, or that it begins with errors. */
export function faultIn({ status, bytes, first }: Answer): string | null {
  if (status === 200 && first?.indexOf(WITH_ERRORS) !== 0) return null;
  return `status ${status}, ${bytes} bytes: ${first?.toString('utf8', 0, 300) ?? ''}`;
}

/** A closed loop: each connection asks again when it has the answer of the one before. Ends when `ask` gives null to all of them. */
export async function inClosedLoop(url: string, connections: number, ask: (client: Client) => Promise<void> | null): Promise<void> {
  const clients = Array.from({ length: connections }, () => new Client(url, { pipelining: 1 }));
  await Promise.all(
    clients.map(async (client) => {
      for (let work = ask(client); work; work = ask(client)) await work;
    }),
  );
  await Promise.all(clients.map((client) => client.close()));
}

/** The number below which such a share of the others is. Sorts them. */
export function percentiles(numbers: number[]): (share: number) => number {
  numbers.sort((a, b) => a - b);
  return (share) => numbers[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? 0;
}
