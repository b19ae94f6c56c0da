import type { GatewayProblem, ProblemKind } from './gateway.ts';

interface Advice {
  readonly title: string;
  readonly text: string;
  readonly button: string | null;
}

/** What is wrong, and what to do about it. `hasPersonas`: whether tokens come from the local system or from the reader. */
export function adviceFor(kind: ProblemKind, hasPersonas: boolean): Advice {
  if (kind === 'UNREACHABLE')
    return {
      title: 'The gateway does not answer.',
      text: 'Start the system with "npm start", or wait until it is ready.',
      button: 'Try again',
    };
  if (kind === 'REFUSED')
    return { title: 'The gateway tells this caller nothing.', text: 'Choose another persona or purpose.', button: 'Try again' };
  return hasPersonas
    ? {
        title: 'The token was refused, and a fresh one too.',
        text: 'The gateway was probably started anew with other keys.',
        button: 'Fetch new tokens',
      }
    : { title: 'The token was refused.', text: 'It may have expired: paste a new one above.', button: null };
}

/** Tells of a problem above the editors. */
export function Notice({ problem, hasPersonas, retry }: { problem: GatewayProblem; hasPersonas: boolean; retry: () => void }) {
  const { title, text, button } = adviceFor(problem.kind, hasPersonas);
  return (
    <div className="notice" role="alert">
      <p>
        <strong>{title}</strong> {problem.message} {text}
      </p>
      {button && (
        <button type="button" onClick={retry}>
          {button}
        </button>
      )}
    </div>
  );
}
