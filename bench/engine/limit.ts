/** No gateway at all: the prebuilt bytes of an answer on node:http. What the load generator reaches against it is the most that can be measured. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from './processes.ts';

answerParent<{ readonly answer: string }, { readonly url: string }>(async ({ answer }) => {
  const bytes = Buffer.from(answer);
  const server = createServer((request, response) => {
    request.on('data', () => {});
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
      response.end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
