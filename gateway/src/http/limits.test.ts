import { setTimeout as sleep } from 'node:timers/promises';
import { ANONYMOUS } from '@commonweal/schema';
import { afterEach, describe, expect, test } from 'vitest';
import { type TestFront, testFront } from './front.examples.ts';
import { createRateLimit } from './rate.ts';

let front: TestFront;
afterEach(() => front?.stop());

describe('requests per second of one consumer', () => {
  test('above rate and burst are 429 with Retry-After, and other consumers do not notice', async () => {
    front = await testFront({ env: { COMMONWEAL_RATE: '5', COMMONWEAL_RATE_BURST: '5' } });
    const bank = { authorization: `Bearer ${await front.token()}` };
    const clinic = { authorization: `Bearer ${await front.token({ consumer: 'clinic' })}` };
    const answers = await Promise.all(Array.from({ length: 30 }, () => front.ask('{ consumer }', bank)));
    const refused = answers.filter((a) => a.status === 429);
    // A second may begin between two of them.
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(10);
    expect(answers.length - refused.length).toBeLessThanOrEqual(15);
    expect(await refused[0]?.json()).toEqual({
      errors: [{ message: 'Too many requests. Wait, then send again.', extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }],
    });
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await front.ask('{ consumer }', clinic)).status).toBe(200);
    await sleep(1050);
    expect((await front.ask('{ consumer }', bank)).status).toBe(200);
  });

  test('are counted by consumer, not by user or token, and nothing of what is left is told', async () => {
    front = await testFront({ env: { COMMONWEAL_RATE: '2', COMMONWEAL_RATE_BURST: '0' } });
    const tokens = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((sub) => front.token({ sub })));
    const answers = await Promise.all(tokens.map((token) => front.ask('{ consumer }', { authorization: `Bearer ${token}` })));
    expect(answers.filter((a) => a.status === 429).length).toBeGreaterThanOrEqual(2);
    for (const answer of answers) expect([...answer.headers.keys()].filter((name) => /rate|limit|remain|cost/i.test(name))).toEqual([]);
  });

  test('are not used up by one person: each who comes for themselves has a tenth of what their consumer has', async () => {
    front = await testFront({ env: { COMMONWEAL_RATE: '20', COMMONWEAL_RATE_BURST: '20' } });
    const citizen = async (digit: string) => ({
      authorization: `Bearer ${await front.token({ consumer: 'self-service', sub: digit, person: `40000000-0000-4000-8000-00000000000${digit}` })}`,
    });
    const [greedy, other] = [await citizen('1'), await citizen('2')];
    const answers = await Promise.all(Array.from({ length: 60 }, () => front.ask('{ consumer }', greedy)));
    const refused = answers.filter((a) => a.status === 429);
    // A second may begin between two of them.
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(4);
    expect(answers.length - refused.length).toBeLessThanOrEqual(6);
    expect(await refused[0]?.json()).toEqual({
      errors: [{ message: 'Too many requests. Wait, then send again.', extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }],
    });
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await front.ask('{ consumer }', other)).status).toBe(200);
    await sleep(1050);
    expect((await front.ask('{ consumer }', greedy)).status).toBe(200);
  });

  test('of callers without a token are counted by address, so that none silences the others', async () => {
    const rate = createRateLimit({ requestsPerSecond: 1, burst: 0 });
    await rate.request(ANONYMOUS, '192.0.2.1');
    await expect(rate.request(ANONYMOUS, '192.0.2.1')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await rate.request(ANONYMOUS, '192.0.2.2');
    await rate.request(ANONYMOUS, '2001:db8:0:1::1');
    await expect(rate.request(ANONYMOUS, '2001:db8:0:1:ffff::2')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await rate.request(ANONYMOUS, '2001:db8:0:2::1');
  });

  test('an address that tries bad tokens by the hundred is held up; a token that is known still passes', async () => {
    front = await testFront({ env: { COMMONWEAL_RATE: '10000' } });
    const known = { authorization: `Bearer ${await front.token()}` };
    expect((await front.ask('{ consumer }', known)).status).toBe(200);
    const statuses: number[] = [];
    for (let i = 0; i < 110; i++) statuses.push((await front.ask('{ consumer }', { authorization: `Bearer x.y.${i}` })).status);
    expect(statuses.slice(0, 100).every((s) => s === 401)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    expect((await front.ask('{ consumer }', known)).status).toBe(200);
    expect((await front.ask('{ consumer }', { authorization: `Bearer ${await front.token({ sub: 'new' })}` })).status).toBe(429);
  });

  test('x-forwarded-for is believed from a listed proxy only', async () => {
    const many = async (to: TestFront) => {
      const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => to.ask('{ consumer }', { 'x-forwarded-for': `192.0.2.${i}` })));
      return answers.some((a) => a.status === 429);
    };
    front = await testFront({ env: { COMMONWEAL_RATE: '1', COMMONWEAL_RATE_BURST: '0' } });
    expect(await many(front)).toBe(true);
    await front.stop();
    front = await testFront({ env: { COMMONWEAL_RATE: '1', COMMONWEAL_RATE_BURST: '0', COMMONWEAL_TRUSTED_PROXIES: '127.0.0.0/8' } });
    expect(await many(front)).toBe(false);
  });
});

describe('stopping', () => {
  test('finishes what is under way, begins nothing new, says that it is not ready, and then closes', async () => {
    front = await testFront();
    const slow = front.ask('{ wait }');
    while (front.contexts.length === 0) await sleep(5);
    const stopped = front.listener.stop();
    await sleep(30);
    const ready = await fetch(`${front.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', missing: ['the gateway is stopping'] }]);
    const refused = await front.ask('{ consumer }');
    expect([refused.status, refused.headers.get('connection')]).toEqual([503, 'close']);
    expect(((await refused.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code).toBe('UNAVAILABLE');
    front.release();
    expect(await (await slow).json()).toEqual({ data: { wait: 'waited' } });
    await stopped;
    await expect(front.ask('{ consumer }')).rejects.toThrow('fetch failed');
  });

  test('does not wait for connections that only stand open', async () => {
    front = await testFront();
    await front.ask('{ consumer }');
    const began = performance.now();
    await front.listener.stop();
    expect(performance.now() - began).toBeLessThan(1500);
  });
});
