import { parse, print } from 'graphql';
import type { Outcome } from './case.ts';
import { describe } from './faults.ts';

/** A case as one reads it: what the subgraphs are, what was asked, what went wrong, and who answered what. */
export function describeOutcome(outcome: Outcome, command: string): string {
  const { case: item, verdict, compared } = outcome;
  const lines = [`# ${verdict.kind}: ${verdict.class}`, '', `\`${command}\``, ''];
  if (verdict.detail) lines.push(verdict.detail, '');
  for (const { name, sdl } of item.subgraphs) {
    const short = print(parse(sdl)).replace(/extend schema @link\([\s\S]*?\]\)\n*/, '');
    lines.push(`## subgraph ${name}`, '```graphql', short.trim(), '```', '');
  }
  lines.push('## query', '```graphql', print(parse(item.query)).trim(), '```', '', `variables: \`${JSON.stringify(item.variables)}\``, '');
  lines.push(item.faults.length === 0 ? 'No faults.' : '## faults', ...item.faults.map((f) => `- ${describe(f)}`), '');
  if (compared) {
    const { truth, stock, ours } = compared;
    lines.push('## answers', '', `**one server with all the data, no faults**: ${json(truth.data)}`, '');
    for (const [name, heard] of [
      ['stock', stock],
      ['ours', ours],
    ] as const) {
      const { data, errors, completion } = heard.answer;
      lines.push(`**${name}**: ${json(data)}`, ...errors.map((e) => `- error: ${e.message} at ${JSON.stringify(e.path)}`));
      lines.push(...completion.map((e) => `- value completion only: null at ${JSON.stringify(e.path)}`));
      lines.push(
        ...heard.objections.map((o) => `- asked: ${o}`),
        ...heard.calls.map((c) => `- call: ${c.subgraph} \`${c.query}\` ${JSON.stringify(c.variables)}`),
        '',
      );
    }
  }
  return lines.join('\n');
}

const json = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'no data';
  return `\`${text.length > 3_000 ? `${text.slice(0, 3_000)} …` : text}\``;
};
