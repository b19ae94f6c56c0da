import questions from 'virtual:questions';
import { type FocusEvent, type KeyboardEvent, useRef } from 'react';
import type { Question } from './question.ts';

/** The menu of example queries: first those for this persona, then the others, which show what it may not do. */
export function Examples({ persona, open }: { persona: string | null; open: (question: Question) => void }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const isMine = (q: Question) => persona !== null && q.personas.includes(persona);
  const groups = [
    { title: 'For this persona', list: questions.filter(isMine) },
    { title: persona === null ? 'Examples' : 'For others', list: questions.filter((q) => !isMine(q)) },
  ].filter((group) => group.list.length > 0);

  const close = () => menu.current?.removeAttribute('open');
  const leave = (event: FocusEvent) => {
    if (!menu.current?.contains(event.relatedTarget)) close();
  };
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    close();
    menu.current?.querySelector('summary')?.focus();
  };
  return (
    <details ref={menu} className="examples" onBlur={leave} onKeyDown={closeOnEscape}>
      <summary>Examples</summary>
      <div className="menu">
        {groups.map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h2>{group.title}</h2>
            {group.list.map((q) => (
              <button
                key={q.name}
                type="button"
                // Some browsers do not focus a button that is clicked: the menu would take that for leaving, and close first.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  close();
                  open(q);
                }}
              >
                <b>{q.name}</b>
                <span>{q.title}</span>
                {!isMine(q) && <small>{q.personas.join(', ')}</small>}
              </button>
            ))}
          </section>
        ))}
      </div>
    </details>
  );
}

/** The example to begin with for a persona. */
export const firstQuestion = (persona: string | null): Question | undefined =>
  questions.find((q) => persona !== null && q.personas[0] === persona && q.name === 'PersonsInMyCounty') ??
  questions.find((q) => q.personas.includes(persona ?? 'anonymous'));
