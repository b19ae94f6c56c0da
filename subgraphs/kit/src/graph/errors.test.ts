import { ApiError } from '@commonweal/schema';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { formatError } from './errors.ts';

/** What a registry tells of something that was thrown at a field, and what it logs of it. */
function told(thrown: Error) {
  const logged: unknown[] = [];
  const error =
    thrown instanceof GraphQLError ? thrown : new GraphQLError(thrown.message, { path: ['person', 'name'], originalError: thrown });
  return { ...formatError(error, 'request-1', (cause, requestId) => logged.push([cause, requestId])), logged };
}
/** An error of the database or the network, with its code. */
const failure = (code: string) => Object.assign(new Error('secret-1234'), { code });

describe('of what was thrown in a registry', () => {
  it('what was made for telling is told with its code', () => {
    expect(told(new ApiError('INVALID_CURSOR', 'Start again.', { argument: 'after' }))).toMatchObject({
      message: 'Start again.',
      path: ['person', 'name'],
      extensions: { code: 'INVALID_CURSOR', argument: 'after' },
      logged: [],
    });
    expect(told(new GraphQLError('Reached without permission.', { extensions: { code: 'FORBIDDEN_FIELD' } }))).toMatchObject({
      message: 'Reached without permission.',
      extensions: { code: 'FORBIDDEN_FIELD' },
      logged: [],
    });
  });

  it.each([
    ['UNAVAILABLE', ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', '08006', '53300', '57P01', '57014']],
    ['INTERNAL', ['23505', '42501', '22P02', '157014', '0800', 'EACCES', 'UNKNOWN']],
  ] as const)(
    'what says that the database cannot be reached is UNAVAILABLE, all else is INTERNAL, and the log has it: %s',
    (code, codes) => {
      for (const given of codes) {
        const thrown = failure(given);
        const answer = told(thrown);
        expect([given, answer.extensions, answer.path]).toEqual([given, { code }, ['person', 'name']]);
        expect(answer.message).not.toContain('1234');
        expect(answer.logged).toEqual([[thrown, 'request-1']]);
      }
    },
  );

  it('a text that no database can hold is the fault of whoever sent it', () => {
    expect(told(failure('22021'))).toEqual({
      message: 'A text holds a character that no text may hold.',
      path: ['person', 'name'],
      extensions: { code: 'BAD_USER_INPUT' },
      logged: [],
    });
  });

  it('a code is believed only of an error of the graph, and only when it is one of ours', () => {
    for (const code of ['DOWNSTREAM', 'toString']) {
      const answer = told(new GraphQLError('secret-1234', { extensions: { code } }));
      expect([answer.extensions, answer.message.includes('1234'), answer.logged.length]).toEqual([{ code: 'INTERNAL' }, false, 1]);
    }
    const claimed = told(Object.assign(new Error('secret-1234'), { extensions: { code: 'FORBIDDEN_FIELD' } }));
    expect([claimed.extensions, claimed.message.includes('1234'), claimed.logged.length]).toEqual([{ code: 'INTERNAL' }, false, 1]);
  });
});
