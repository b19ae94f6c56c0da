import path from 'node:path';
import type { GatewayConfig } from '@commonweal/gateway/config.ts';
import { PERSONAS } from '@commonweal/schema/reference/personas.ts';
import { type DataFolder, readScriptConfig } from './config.ts';
import type { System } from './up.system.ts';

/** Questions to paste, by persona: together they show that the same graph gives each its own. */
const QUESTIONS: readonly (readonly [string, string])[] = [
  ['case-worker', '{ persons(first: 2) { nodes { name { full } birthDate phones } } }'],
  ['bank', '{ persons(first: 2) { nodes { name { full } birthDate phones } } }'],
  ['bank', '{ payments(first: 2) { nodes { status recipient { name { full } phones } } } }'],
  ['beneficiary', '{ me { name { full } payments(first: 2) { nodes { status } } } }'],
  ['official', '{ coverage(under: \\"KE\\") { asOf cells { area { name } beneficiaries suppressed } } }'],
  ['auditor', '{ accessLog(first: 3) { nodes { at consumerName purpose outcome } } }'],
];

/** What stands before a command in another terminal, so that it finds the keys of this system. */
const withData = ({ folder }: DataFolder): string =>
  folder === readScriptConfig({}).data.folder ? '' : `COMMONWEAL_DATA='${folder.replaceAll("'", "'\\''")}' `;

/** What a person reads when the system runs: where things are, and what to try. */
export function whatNext({ url }: System, config: GatewayConfig, data: DataFolder, tookMs: number): string {
  const width = Math.max(...QUESTIONS.map(([persona]) => persona.length));
  const places = [
    ['graph', `${url}/graphql`],
    ...(config.playground ? [['playground', `${url}/playground`]] : []),
    ['health', `${url}/health/ready`],
    ['log', path.relative(process.cwd(), data.log).startsWith('..') ? data.log : path.relative(process.cwd(), data.log)],
  ];
  const tryIt = [
    'Ask as different people; paste this into another terminal:',
    '',
    `  ask() { curl -s ${url}/graphql -H 'content-type: application/json' -H "authorization: Bearer $(${withData(data)}npm run -s token -- "$1")" -d "{\\"query\\":\\"$2\\"}"; }`,
    ...QUESTIONS.map(([persona, question]) => `  ask ${persona.padEnd(width)} '${question}'`),
    '',
    `There are also ${Object.keys(PERSONAS)
      .filter((name) => name !== 'anonymous' && !QUESTIONS.some(([persona]) => persona === name))
      .join(', ')};`,
    'and anybody may ask without a token, for what is public.',
  ];
  return [
    '',
    `Commonweal runs (${(tookMs / 1000).toFixed(1)} s). Ctrl-C stops it.`,
    '',
    ...places.map(([name = '', where = '']) => `  ${name.padEnd(10)}  ${where}`),
    '',
    ...(config.environment === 'development' ? [...tryIt, ''] : []),
  ].join('\n');
}
