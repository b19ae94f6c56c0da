import type { Decision } from '@commonweal/schema';
import type { Planned } from './statement.ts';

/** The settings of a transaction, by name. */
export type Settings = Readonly<Record<string, string>>;

const remembered = new WeakMap<Decision, Settings>();

/** The settings that row-level security reads: the widest rows that any alternative of the decision covers. Empty means no rows. Made once for each decision. */
export function rowSettings(decision: Decision): Settings {
  let settings = remembered.get(decision);
  if (!settings) {
    settings = settingsOf(decision);
    remembered.set(decision, settings);
  }
  return settings;
}

function settingsOf(decision: Decision): Settings {
  const rows = decision.alternatives.map((a) => a.rows);
  const wide = rows.filter((r) => r.self === null);
  return Object.freeze({
    'access.person': rows.find((r) => r.self !== null)?.self ?? '',
    'access.areas': [...new Set(wide.flatMap((r) => r.areas))].join(','),
    'access.programs': [...new Set(wide.flatMap((r) => r.programs))].join(','),
    'access.all_programs': wide.some((r) => r.allOrdinaryPrograms) ? 'on' : '',
    'access.providers': [...new Set(wide.flatMap((r) => r.providers))].join(','),
    'access.all_providers': wide.some((r) => r.allProviders) ? 'on' : '',
    'access.consumer': decision.consumer,
    'access.audit_all': decision.alternatives.some((a) => a.actions.has('audit.all')) ? 'on' : '',
  });
}

/** Settings under which exactly one person's rows are seen: for applying what another registry tells of them. */
export const settingsForPerson = (person: string): Settings => ({
  'access.person': person,
  'access.areas': '',
  'access.programs': '',
  'access.all_programs': '',
  'access.providers': '',
  'access.all_providers': '',
  'access.consumer': '',
  'access.audit_all': '',
});

/** How the server is told to plan. */
export const PLAN_MODES: Readonly<Record<Planned, string>> = { 'by key': 'force_generic_plan', 'by value': 'force_custom_plan' };

const texts = new Map<string, string>();

/** Statement and values that set the settings of a transaction, how long a statement may take, and how statements are planned. */
export function settingStatement(settings: Settings, timeout: string, planned: Planned): { text: string; params: string[] } {
  const names = Object.keys(settings);
  const key = names.join();
  let text = texts.get(key);
  if (text === undefined) {
    const all = [...names, 'statement_timeout', 'plan_cache_mode'];
    text = `select ${all.map((name, n) => `set_config('${plainName(name)}', $${n + 1}, true)`).join(', ')}`;
    // Names are few: those of the code, not of a caller.
    if (texts.size < 100) texts.set(key, text);
  }
  return { text, params: [...Object.values(settings), timeout, PLAN_MODES[planned]] };
}

function plainName(name: string): string {
  if (!/^[a-z_.]+$/.test(name)) throw new Error(`${name} is no name of a setting`);
  return name;
}
