import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compose, generatedFiles } from './compose.ts';
import { lintComposition, lintSubgraphs } from './lint.ts';
import { SUBGRAPHS } from './subgraphs.ts';

const committed = new Map<string, string>(
  SUBGRAPHS.map((s) => [s, readFileSync(join(import.meta.dirname, 'subgraphs', `${s}.graphql`), 'utf8')]),
);

/** The committed subgraphs with one of them changed. */
function withChange(subgraph: string, from: string | RegExp, to: string): Map<string, string> {
  const before = committed.get(subgraph)!;
  const after = before.replace(from, to);
  if (after === before) throw new Error(`nothing in ${subgraph} matches ${String(from)}`);
  return new Map([...committed, [subgraph, after]]);
}

/** What the build says of a set of subgraphs: composition's own errors, else the faults of the lint. */
function faultsOf(subgraphs: Map<string, string>): string[] {
  const own = lintSubgraphs(subgraphs);
  if (own.length > 0) return own.map((f) => `${f.rule}: ${f.where}: ${f.message}`);
  try {
    return lintComposition(compose(subgraphs)).map((f) => `${f.rule}: ${f.where}: ${f.message}`);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

const NUMBER = '  value: String @access(class: IDENTIFIER)';

describe('the build', () => {
  it('passes for the committed subgraphs, and the generated files are what composing gives', () => {
    expect(faultsOf(committed)).toEqual([]);
    for (const [path, text] of generatedFiles(compose(committed))) expect(readFileSync(join(import.meta.dirname, path), 'utf8')).toBe(text);
  });

  it('fails for a new field without a class', () => {
    expect(faultsOf(withChange('persons', NUMBER, `${NUMBER}\n  "New."\n  secret: String`)).join()).toContain(
      'Identifier.secret: has no access class',
    );
  });

  it('fails for a class that does not exist, and for an empty one', () => {
    expect(faultsOf(withChange('persons', NUMBER, '  value: String @access(class: PUBLIC)'))).not.toEqual([]);
    expect(faultsOf(withChange('persons', NUMBER, '  value: String @access'))).not.toEqual([]);
  });

  it('fails when two registries give a shared field different classes, in either order', () => {
    const change = (subgraph: string) =>
      withChange(
        subgraph,
        /type PageInfo([^}]*)startCursor: String @access\(class: OPEN\)/,
        'type PageInfo$1startCursor: String @access(class: SYSTEM)',
      );
    for (const subgraph of ['consent', 'programs'])
      expect(faultsOf(change(subgraph)).join()).toContain('INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS');
  });

  it('fails when a registry renames the directive', () => {
    const renamed = withChange('payments', /"@access", /, '{ name: "@access", as: "@visibility" }, ');
    expect(faultsOf(renamed).join()).toContain('must import @access from the access spec under its own name');
  });

  it('fails when a registry puts the access spec under a namespace', () => {
    const namespaced = withChange(
      'payments',
      'url: "https://commonweal.dev/access/v1.0", ',
      'url: "https://commonweal.dev/access/v1.0", as: "acl", ',
    );
    expect(faultsOf(namespaced).join()).toContain('without `as`');
  });

  it('fails when a registry defines the directive itself and does not link the spec', () => {
    const unlinked = withChange('payments', /@link\(url: "https:\/\/commonweal.dev[^)]*\)/, '');
    expect(faultsOf(unlinked).join()).toContain('must @link https://commonweal.dev/access/v1.0');
  });

  it('fails when a registry forgets to compose the directive', () => {
    expect(faultsOf(withChange('programs', '@composeDirective(name: "@access")', '')).join()).toContain(
      '@composeDirective(name: "@access")',
    );
  });

  it('fails for another version of the access spec, and for an old federation', () => {
    expect(faultsOf(withChange('consent', 'access/v1.0', 'access/v1.1')).join()).toContain('another version');
    expect(faultsOf(withChange('consent', 'federation/v2.9', 'federation/v2.3')).join()).toContain('v2.9 or newer');
  });

  it('fails for a protected field that may not be null, and for protected list elements that may not', () => {
    expect(faultsOf(withChange('persons', NUMBER, '  value: String! @access(class: IDENTIFIER)')).join()).toContain(
      'Identifier.value: is protected and must be nullable',
    );
    expect(faultsOf(withChange('persons', 'phones: [String] @access', 'phones: [String!] @access')).join()).toContain(
      'Person.phones: is protected and must be nullable',
    );
  });

  it('fails for a protected field in a key', () => {
    expect(
      faultsOf(
        withChange('persons', 'type Person implements Node @key(fields: "id")', 'type Person implements Node @key(fields: "id birthDate")'),
      ).join(),
    ).toContain('"birthDate" stands in @key');
  });

  it('fails for an unprotected field that requires a protected one', () => {
    const band = `type Person @key(fields: "id") {
  birthDate: Date @external @access(class: DEMOGRAPHIC)
  "New."
  band: String @requires(fields: "birthDate") @access(class: OPEN)
`;
    const changed = withChange('payments', 'type Person @key(fields: "id") {\n', band).set(
      'payments',
      committed.get('payments')!.replace('type Person @key(fields: "id") {\n', band).replace('"@external", ', '"@external", "@requires", '),
    );
    expect(faultsOf(changed).join()).toContain('"birthDate" stands in @key, @requires or @provides');
  });

  it("fails for Apollo's own authorization directives, which this gateway does not enforce", () => {
    const changed = withChange('persons', '"@composeDirective"]', '"@composeDirective", "@authenticated"]');
    expect(faultsOf(changed).join()).toContain('@authenticated is not enforced');
  });

  it('fails for a filter that does not name what it reads', () => {
    expect(
      faultsOf(
        withChange(
          'persons',
          'incomeLevel: [IncomeLevel!] @reads(field: "Person.incomeLevel", use: FILTER)',
          'incomeLevel: [IncomeLevel!]',
        ),
      ).join(),
    ).toContain('PersonFilter.incomeLevel: must name the field');
  });

  it('fails for a filter that names a field which does not exist', () => {
    expect(
      faultsOf(
        withChange('persons', '@reads(field: "Person.incomeLevel", use: FILTER)', '@reads(field: "Person.wealth", use: FILTER)'),
      ).join(),
    ).toContain('reads Person.wealth, which does not exist');
  });

  it('fails for ids in sequence, for a class on an interface, and for what has no description', () => {
    expect(faultsOf(withChange('payments', 'maskedNumber: String', 'paymentId: Int')).join()).toContain('paymentId: must be an ID');
    expect(faultsOf(withChange('persons', 'interface Node {', 'interface Node @access(class: OPEN) {'))).not.toEqual([]);
    expect(faultsOf(withChange('consent', /"SHA-256 of the version, hexadecimal."\s*/, '')).join()).toContain(
      'ProcessingAgreement.hash: has no description',
    );
  });
});
