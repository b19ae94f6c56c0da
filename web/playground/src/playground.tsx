import type { Fetcher } from '@graphiql/toolkit';
import { GraphQLError } from 'graphql';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Banner } from './banner.tsx';
import { Bar } from './bar.tsx';
import { type Caller, callerOf } from './caller.ts';
import { Editors, type Text } from './editors.tsx';
import { Examples, firstQuestion } from './examples.tsx';
import { ask, chooseOperation, GatewayProblem } from './gateway.ts';
import { adviceFor, Notice } from './notice.tsx';
import { fillIn } from './placeholders.ts';
import type { Question } from './question.ts';
import { useCaller } from './use-caller.ts';
import { type AsCaller, useSchema } from './use-schema.ts';
import { useTheme } from './use-theme.ts';

/** The page: who asks on top, GraphiQL below. */
export function Playground() {
  const { people, caller, problem: nobody, choose, renew } = useCaller();
  const [theme, toggleTheme] = useTheme();
  const [unanswered, setUnanswered] = useState<GatewayProblem | null>(null);
  const [hint, setHint] = useState<string | null>(null);
  const [text, setText] = useState<Text>({ query: '', variables: '' });
  const hasPersonas = people.kind === 'personas';
  const persona = hasPersonas ? (people.personas.find((p) => caller?.key === `${p.name} ${caller?.purpose}`) ?? null) : null;

  const asCaller = useCallback<AsCaller>(
    async (who, work) => {
      try {
        return await work(who);
      } catch (error) {
        const fresh = error instanceof GatewayProblem && error.kind === 'TOKEN' ? await renew() : null;
        if (!fresh || fresh.key !== who.key) throw error;
        return work(fresh);
      }
    },
    [renew],
  );
  const { schema, isKnown, problem: unknown, reload } = useSchema(caller, asCaller);
  const problem = nobody ?? unknown ?? unanswered;

  const fetcher = useCallback<Fetcher>(
    async ({ query, variables, operationName: named }) => {
      if (!caller) return failed('Nobody is chosen yet.');
      try {
        const operationName = chooseOperation(query, named);
        const answer = await asCaller(caller, (who) => ask(who, { query, variables, operationName }));
        setUnanswered(null);
        return answer;
      } catch (error) {
        if (!(error instanceof GatewayProblem)) throw error;
        setUnanswered(error);
        const { title, text: advice } = adviceFor(error.kind, hasPersonas);
        return failed([title, error.message, advice].filter(Boolean).join(' '));
      }
    },
    [caller, asCaller, hasPersonas],
  );

  const opened = useRef<Question>();
  const open = useCallback(
    async (question: Question, who: Caller) => {
      const purpose = persona && question.personas.includes(persona.name) ? question.purpose : null;
      const choice = persona && purpose ? { kind: 'persona' as const, name: persona.name, purpose } : null;
      if (choice) choose(choice);
      // What is looked up for the variables is looked up for the purpose of the question.
      const asking = persona && choice ? (callerOf(choice, [persona]) ?? who) : who;
      const { query } = question;
      setText({ query, variables: question.variables });
      opened.current = question;
      const { variables, missing } = await fillIn(question.variables, asking);
      if (opened.current !== question) return;
      setText({ query, variables });
      setHint(missing.length > 0 ? `Fill in ${missing.map((m) => `<${m}>`).join(', ')} in the variables.` : null);
    },
    [choose, persona],
  );

  const hasBegun = useRef(false);
  useEffect(() => {
    const first = firstQuestion(persona?.name ?? null);
    if (hasBegun.current || !caller || !first) return;
    hasBegun.current = true;
    void open(first, caller);
  }, [caller, persona, open]);

  function retry() {
    setUnanswered(null);
    void renew().then(reload);
  }
  return (
    <div className="page">
      <Bar people={people} caller={caller} choose={choose} theme={theme} toggleTheme={toggleTheme}>
        <Examples persona={persona?.name ?? null} open={(q) => caller && void open(q, caller)} />
      </Bar>
      {caller && !problem && <Banner caller={caller} schema={isKnown ? schema : null} />}
      {problem && <Notice problem={problem} hasPersonas={hasPersonas} retry={retry} />}
      {hint && (
        <p className="hint" role="status">
          {hint}
        </p>
      )}
      <main aria-label="Editors">
        <Editors fetcher={fetcher} schema={schema} text={text} setText={setText} theme={theme} waiting={waitingAs(caller)} />
      </main>
    </div>
  );
}

const failed = (message: string) => ({ errors: [new GraphQLError(message)] });

const waitingAs = (caller: Caller | null): string =>
  caller
    ? `# Not asked yet as:\n# ${caller.title}${caller.purpose ? `, ${caller.purpose}` : ''}\n# The button with the triangle asks, and so does Ctrl-Enter.`
    : '';
