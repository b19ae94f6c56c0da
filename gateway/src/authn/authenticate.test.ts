import { ANONYMOUS } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticate } from './authenticate.ts';
import { goodClaims, type TestIssuer, testIssuer } from './authn.examples.ts';
import { openKeys } from './keys.ts';
import { createTokenVerifier, type TokenVerifier } from './token.ts';

let issuer: TestIssuer;
let verifier: TokenVerifier;
beforeAll(async () => {
  issuer = await testIssuer();
  const config = issuer.config();
  verifier = createTokenVerifier(config.oidc, openKeys(config));
});
afterAll(() => issuer.remove());

/** Enters with the purposes in the token and the purposes stated, one header each. */
async function purposeOf(carried: string[], ...stated: string[]) {
  const token = await issuer.sign(goodClaims({ purposes: carried }));
  const headers = stated.flatMap((purpose) => ['X-Purpose', purpose]);
  return authenticate(verifier, ['Authorization', `Bearer ${token}`, ...headers]).then(
    (principal) => principal.purpose,
    (error) => error.code,
  );
}

describe('the purpose of a request', () => {
  test('may be left out when the token carries exactly one', async () => {
    expect(await purposeOf(['RESEARCH'])).toBe('RESEARCH');
    expect(await purposeOf(['RESEARCH', 'POLICY'])).toBe('PURPOSE_REQUIRED');
    expect(await purposeOf([])).toBe('PURPOSE_NOT_ALLOWED');
    expect(await purposeOf(['NO_SUCH'])).toBe('PURPOSE_NOT_ALLOWED');
  });

  test('names those of the token when one must be stated', async () => {
    const token = await issuer.sign(goodClaims({ purposes: ['RESEARCH', 'POLICY'] }));
    await expect(authenticate(verifier, ['authorization', `Bearer ${token}`])).rejects.toMatchObject({
      message: 'State one purpose in the header x-purpose; this token carries RESEARCH, POLICY.',
      details: { purposes: ['RESEARCH', 'POLICY'] },
    });
  });

  test('is one of the token or below one of them, never above', async () => {
    expect(await purposeOf(['RESEARCH', 'POLICY'], 'POLICY')).toBe('POLICY');
    expect(await purposeOf(['RESEARCH'], 'RESEARCH.HEALTH')).toBe('RESEARCH.HEALTH');
    expect(await purposeOf(['RESEARCH.HEALTH'], 'RESEARCH')).toBe('PURPOSE_NOT_ALLOWED');
    expect(await purposeOf(['RESEARCH'], 'POLICY')).toBe('PURPOSE_NOT_ALLOWED');
    expect(await purposeOf(['RESEARCH'], 'RESEARCH.NO_SUCH')).toBe('PURPOSE_NOT_ALLOWED');
  });

  test.each(['research', ' RESEARCH', 'RESEARCH ', 'RESEARCH,POLICY', 'RESEARCH.', '', '*', '__proto__', 'RESEARCH\u200b'])(
    '%j is not RESEARCH',
    async (stated) => {
      expect(await purposeOf(['RESEARCH', 'POLICY'], stated)).toBe('PURPOSE_NOT_ALLOWED');
    },
  );

  test('is stated once: twice the same is refused too', async () => {
    expect(await purposeOf(['RESEARCH', 'POLICY'], 'RESEARCH', 'POLICY')).toBe('BAD_USER_INPUT');
    expect(await purposeOf(['RESEARCH'], 'RESEARCH', 'RESEARCH')).toBe('BAD_USER_INPUT');
  });
});

describe('the Authorization header', () => {
  const code = (headers: string[]) =>
    authenticate(verifier, headers).then(
      (principal) => principal.consumer,
      (error) => error.code,
    );

  test('absent makes the caller anonymous, who has one purpose', async () => {
    expect(await authenticate(verifier, [])).toBe(ANONYMOUS);
    expect(await authenticate(verifier, ['x-purpose', 'PUBLIC_INFORMATION'])).toBe(ANONYMOUS);
    expect(await code(['x-purpose', 'RESEARCH'])).toBe('PURPOSE_NOT_ALLOWED');
  });

  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic dTpw',
    'Bearer undefined',
    'Bearer null',
    'Bearer a b',
    'Token x',
    'bearer\tx',
    'Bearer  x',
    'anonymous',
  ])('present as %j is never anonymous', async (value) => expect(await code(['authorization', value])).toBe('UNAUTHENTICATED'));

  test('sent twice is refused, whichever of the two is good', async () => {
    const good = `Bearer ${await issuer.sign(goodClaims())}`;
    expect(await code(['authorization', good])).toBe('river-bank');
    for (const pair of [
      [good, good],
      [good, 'Bearer x'],
      ['', good],
    ])
      expect(await code(pair.flatMap((value, i) => [i ? 'AUTHORIZATION' : 'authorization', value]))).toBe('UNAUTHENTICATED');
  });

  test('is checked only after the brake for tokens never seen has been asked', async () => {
    const token = await issuer.sign(goodClaims({ sub: 'braked' }));
    const headers = ['authorization', `Bearer ${token}`];
    await expect(authenticate(verifier, headers, () => Promise.reject(new Error('braked')))).rejects.toThrow('braked');
    await authenticate(verifier, headers);
    expect(await authenticate(verifier, headers, () => Promise.reject(new Error('braked')))).toMatchObject({ user: 'braked' });
  });
});
