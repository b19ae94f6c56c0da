import type { PlaygroundPersona } from '@commonweal/gateway/http/playground.types.ts';
import type { ReactNode } from 'react';
import type { Caller, Choice } from './caller.ts';
import { TokenForm } from './token-form.tsx';
import type { People } from './use-caller.ts';
import type { Theme } from './use-theme.ts';

/** What the bar shows and changes. */
export interface BarProps {
  readonly people: People;
  readonly caller: Caller | null;
  readonly choose: (choice: Choice) => void;
  readonly theme: Theme;
  readonly toggleTheme: () => void;
  /** The menu of examples. */
  readonly children: ReactNode;
}

/** The bar on top: who asks, for which purpose, and the examples. */
export function Bar({ people, caller, choose, theme, toggleTheme, children }: BarProps) {
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header className="bar">
      <h1>
        Commonweal <small>playground</small>
      </h1>
      {people.kind === 'personas' && <PersonaSelects personas={people.personas} caller={caller} choose={choose} />}
      {people.kind === 'token' && <TokenForm choose={choose} />}
      <div className="bar-end">
        {children}
        <button
          type="button"
          className="plain"
          onClick={toggleTheme}
          aria-label={`Switch to ${other} colors`}
          title={`Switch to ${other} colors`}
        >
          {theme === 'dark' ? '☀' : '☾'}
        </button>
      </div>
    </header>
  );
}

function PersonaSelects({
  personas,
  caller,
  choose,
}: {
  personas: readonly PlaygroundPersona[];
  caller: Caller | null;
  choose: (choice: Choice) => void;
}) {
  const chosen = personas.find((p) => caller?.key === `${p.name} ${caller?.purpose}`) ?? personas[0];
  if (!chosen) return null;
  const take = (name: string, purpose: string) => choose({ kind: 'persona', name, purpose });
  return (
    <>
      <label>
        Ask as
        <select
          name="persona"
          value={chosen.name}
          onChange={(e) => take(e.target.value, personas.find((p) => p.name === e.target.value)?.purposes[0]?.purpose ?? '')}
        >
          {personas.map((p) => (
            <option key={p.name} value={p.name}>
              {p.title}
            </option>
          ))}
        </select>
      </label>
      <label>
        For the purpose
        <select name="purpose" value={caller?.purpose ?? ''} onChange={(e) => take(chosen.name, e.target.value)}>
          {chosen.purposes.map(({ purpose }) => (
            <option key={purpose} value={purpose}>
              {purpose}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
