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

/** What may be done in a transaction, under which settings, and for how long a statement may run. */
export interface Opening {
  readonly mode: 'read only' | 'read write';
  readonly settings: Settings;
  readonly timeout: string;
  /** How its first statements are planned. */
  readonly planned: Planned;
  /** Locks that it holds to its end. */
  readonly locks?: readonly string[] | undefined;
}

const set = (more: string) => `select count(set_config(key, value, true))${more} from json_each_text($1::text::json)`;
const SET = set('');
const SET_AND_LOCK = set(', (select count(pg_advisory_xact_lock(hashtextextended(k, 1))) from unnest($2::text[]) k)');

/** All that is set, as JSON, by settings and by the rest: the settings of a decision are the same object each time. */
const written = new WeakMap<Settings, Map<string, string>>();

function writtenOf({ settings, timeout, planned }: Opening): string {
  let ofSettings = written.get(settings);
  if (!ofSettings) {
    ofSettings = new Map();
    written.set(settings, ofSettings);
  }
  const key = `${timeout} ${planned}`;
  let json = ofSettings.get(key);
  if (json === undefined) {
    json = JSON.stringify({ ...settings, statement_timeout: timeout, plan_cache_mode: PLAN_MODES[planned] });
    ofSettings.set(key, json);
  }
  return json;
}

/**
 * Statement and values that set the settings of a transaction: those of the rows, how long a statement may take, and how statements are planned. Then it waits for
 * its turn under each lock, in their order; what comes behind it in the transaction sees all that was committed under the same locks before.
 */
export function settingStatement(opening: Opening): { text: string; params: (string | readonly string[])[] } {
  const json = writtenOf(opening);
  return opening.locks ? { text: SET_AND_LOCK, params: [json, opening.locks] } : { text: SET, params: [json] };
}
