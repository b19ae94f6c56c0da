import { hash } from 'node:crypto';
import { ApiError, hashIn, isDocumentId, type Principal } from '@commonweal/schema';
import { getOperationAST } from 'graphql';
import { type KnownOperation, mayRunAnything, type RegisteredBook } from '../access/registered.ts';
import { type Answer, type RunBase, runOperation } from '../operation.ts';
import { formatError, SENTENCES, tellable } from './errors.ts';
import { type Ready, type SettleBase, settle, statusOfRefusal } from './settle.ts';

/** A request, as far as its answer depends on it. */
export interface Asked {
  readonly principal: Principal;
  readonly requestId: string;
  readonly signal: AbortSignal | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Header `accept`. */
  readonly accept: string | undefined;
}

/** An answer, ready to leave. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly hasData: boolean;
  readonly hasErrors: boolean;
  /** Name of the operation, where it is known. */
  readonly operationName: string | null;
}

/** Operations that are asked for by id, and consumers that may ask for no others. */
export interface RegisteredWay {
  /**
   * Answers a request for a registered operation by the lean way: what Apollo Server does to a text was done when the operation was read. An id that is not
   * known for this consumer and purpose is refused, in the same words whether another has it, it was retired, or it never was.
   */
  answer(documentId: string, asked: Asked): Promise<Reply>;
  /** Whether a caller may send a text. */
  takesText(principal: Principal): boolean;
  /** Refuses a text. */
  refuseText(text: string, asked: Asked): Promise<Reply>;
  /** The text under an id, for a request that has to go Apollo's way; null where `answer` would refuse it. */
  textOf(principal: Principal, documentId: string): Promise<string | null>;
}

/** Nothing is registered, and everybody may run what they write. */
export const NOTHING_REGISTERED: RegisteredWay = {
  answer: () => Promise.reject(notFound()),
  takesText: () => true,
  refuseText: () => Promise.reject(mustBeRegistered()),
  textOf: async () => null,
};

const notFound = () =>
  new ApiError('PERSISTED_DOCUMENT_NOT_FOUND', 'There is no operation under this documentId for this consumer and purpose.');

const mustBeRegistered = () =>
  new ApiError(
    'PERSISTED_DOCUMENT_REQUIRED',
    'This consumer runs registered operations only. Send the documentId of one instead of a query.',
  );

/** Makes the way. Whatever decides about an answer, its record, its status and the words of its errors is the same code as for a text. */
export function registeredWay(base: RunBase, book: RegisteredBook, deps: SettleBase): RegisteredWay {
  async function run({ document, hash, auditHash }: KnownOperation, asked: Asked, began: Began): Promise<Reply> {
    const { principal, requestId, signal, variables } = asked;
    // An empty name is no name.
    const operationName = asked.operationName || undefined;
    const answer = await runOperation(base, { document, hash, operationName, variables, principal, requestId, signal });
    const meant = getOperationAST(document, operationName);
    const known = { operationName: meant?.name?.value ?? null, operationHash: auditHash, isMutation: meant?.operation === 'mutation' };
    return reply(asked, answer, { ...began, ...known, answer });
  }

  /** A refusal is on record like any other answer. `source` is the text or the id that was sent. */
  function refuse(error: ApiError, source: string, asked: Asked, began: Began): Promise<Reply> {
    const operationHash = isDocumentId(source)
      ? Buffer.from(hashIn(source), 'hex').toString('base64url')
      : hash('sha256', source, 'base64url');
    const known = { operationName: asked.operationName || null, operationHash, isMutation: false, answer: null };
    return reply(asked, { data: undefined, errors: [tellable(error, asked.requestId)] }, { ...began, ...known });
  }

  async function reply({ principal, requestId, accept }: Asked, { data, errors: found }: Told, known: Known): Promise<Reply> {
    const hasData = data !== undefined;
    const { errors, audited } = await settle(deps, {
      ...known,
      principal,
      requestId,
      hasData,
      errors: found.map((e) => formatError(e.toJSON(), e)),
    });
    const hasErrors = errors.length > 0;
    const { operationName } = known;
    if (!audited) return { status: 503, body: `${JSON.stringify({ errors })}\n`, hasData: false, hasErrors, operationName };
    return {
      status: hasData ? 200 : statusOfRefusal(errors, accept, known.answer !== null),
      body: `${JSON.stringify({ errors: hasErrors ? errors : undefined, data })}\n`,
      hasData,
      hasErrors,
      operationName,
    };
  }

  return {
    async answer(documentId, asked) {
      const began = { at: deps.now(), began: performance.now() };
      if (!(await book.isFresh())) return refuse(new ApiError('UNAVAILABLE', SENTENCES.UNAVAILABLE), documentId, asked, began);
      const operation = book.find(asked.principal, documentId);
      return operation ? run(operation, asked, began) : refuse(notFound(), documentId, asked, began);
    },
    takesText: (principal) => mayRunAnything(base.policies.current(), principal),
    refuseText: (text, asked) => refuse(mustBeRegistered(), text, asked, { at: deps.now(), began: performance.now() }),
    textOf: async (principal, documentId) => ((await book.isFresh()) ? (book.find(principal, documentId)?.text ?? null) : null),
  };
}

type Told = Pick<Answer, 'data' | 'errors'>;
type Began = Pick<Ready, 'at' | 'began'>;
type Known = Omit<Ready, 'principal' | 'requestId' | 'hasData' | 'errors'>;
