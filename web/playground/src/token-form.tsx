import { type FormEvent, useState } from 'react';
import { type Choice, purposesOf } from './caller.ts';

/** Where there are no personas: a field for a token of one's own, and for the purpose. The token stays in the memory of this page. */
export function TokenForm({ choose }: { choose: (choice: Choice) => void }) {
  const [token, setToken] = useState('');
  const [purpose, setPurpose] = useState('');
  const carried = purposesOf(token);

  function submit(event: FormEvent) {
    event.preventDefault();
    const bare = token.trim().replace(/^Bearer\s+/i, '');
    choose({ kind: 'token', token: bare === '' ? null : bare, purpose: purpose.trim() || carried[0] || null });
  }
  return (
    <form className="token-form" onSubmit={submit}>
      <label>
        Token
        <input
          name="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder="Paste a token; none asks as anybody"
          value={token}
          onChange={(e) => setToken(e.target.value)}
        />
      </label>
      <label>
        For the purpose
        <input
          name="purpose"
          list="purposes"
          autoComplete="off"
          spellCheck={false}
          placeholder={carried[0] ?? 'The one it carries'}
          value={purpose}
          onChange={(e) => setPurpose(e.target.value)}
        />
      </label>
      <datalist id="purposes">
        {carried.map((p) => (
          <option key={p} value={p} />
        ))}
      </datalist>
      <button type="submit">Use it</button>
    </form>
  );
}
