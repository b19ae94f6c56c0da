import path from 'node:path';
import { readQuestions } from '@commonweal/playground/build.questions.ts';
import { buildPlaygroundIfStale } from '@commonweal/playground/build.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../system.ts';
import { openBrowser } from './browser.ts';
import { type StubGateway, startStubGateway } from './stub.gateway.ts';

const ARTEFACTS = path.join(import.meta.dirname, 'artefacts');
let browser: Browser;
let system: TestSystem;
// For what a whole system has no occasion to show: tokens of yesterday, no personas.
let stub: StubGateway;
const opened: Page[] = [];

beforeAll(async () => {
  await buildPlaygroundIfStale();
  browser = await openBrowser();
  stub = await startStubGateway();
  system = await startTestSystem(inject('adminUrl'), { households: 2000 });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await stub?.stop();
  await system?.stop();
});
afterEach(async () => {
  for (const page of opened.splice(0)) await page.close();
});

/** Opens the page. Whatever the content security policy forbids, and whatever goes to another host, fails the test. */
async function openPlayground(url = system.url, colorScheme: 'light' | 'dark' = 'light'): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
  opened.push(page);
  page.setDefaultTimeout(8000);
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) faults.push(`asked ${request.url()}`);
  });
  await page.goto(`${url}/playground`);
  return { page, faults };
}

const answerOf = (page: Page) => page.locator('.result-window');
const runQuery = (page: Page) => page.getByRole('button', { name: /Execute query/ }).click();
const choose = (page: Page, persona: string) => page.getByLabel('Ask as').selectOption(persona);
const schemaKnown = (page: Page) => page.getByText(/\d+ fields may be known/).waitFor();
const shoot = (page: Page, name: string) => page.screenshot({ path: path.join(ARTEFACTS, `${name}.png`) });

async function openExample(page: Page, name: string): Promise<void> {
  await page.getByText('Examples', { exact: true }).click();
  await page.getByRole('button', { name }).click();
  await page.locator('.graphiql-query-editor', { hasText: name }).waitFor();
  // Until the placeholders are filled in.
  await page.locator('.graphiql-editor-tool', { hasNotText: /<\w+>/ }).waitFor();
}

async function showDocs(page: Page, type: string): Promise<string> {
  await page.locator('.graphiql-doc-explorer-search-input input').fill(type);
  await page.getByRole('option', { name: type, exact: true }).click();
  await page.locator('.graphiql-doc-explorer-title', { hasText: type }).waitFor();
  return page.locator('.graphiql-doc-explorer').innerText();
}

test('a case worker sees persons, and for a bank their sex does not exist', async () => {
  const { page, faults } = await openPlayground();
  await schemaKnown(page);
  await page.locator('.graphiql-query-editor', { hasText: 'PersonsInMyCounty' }).waitFor();
  await runQuery(page);
  await answerOf(page).getByText('"sex"').first().waitFor();
  expect(await showDocs(page, 'Person')).toContain('birthDate');
  await shoot(page, 'case-worker');

  await choose(page, 'bank');
  await schemaKnown(page);
  await runQuery(page);
  await answerOf(page).getByText('Cannot query field \\"sex\\" on type \\"Person\\".').waitFor();
  const docs = await page.locator('.graphiql-doc-explorer').innerText();
  expect(docs).toContain('phones');
  expect(docs).not.toContain('birthDate');
  await shoot(page, 'bank-refused');

  await openExample(page, 'PaymentsToDeliver');
  await runQuery(page);
  await answerOf(page).getByText('"number"').first().waitFor();
  await shoot(page, 'bank');
  expect(faults).toEqual(['Failed to load resource: the server responded with a status of 400 (Bad Request)']);
});

test('an example fills in its variables and states its purpose', async () => {
  const { page, faults } = await openPlayground(system.url, 'dark');
  await schemaKnown(page);
  await openExample(page, 'HouseholdAcrossPrograms');
  await runQuery(page);
  await answerOf(page).getByText('"povertyScore"').first().waitFor();
  await shoot(page, 'dark');

  await choose(page, 'clinic');
  await page.getByText('Examples', { exact: true }).click();
  await shoot(page, 'examples');
  await page.keyboard.press('Escape');
  await openExample(page, 'PatientsWhoConsented');
  expect(await page.getByLabel('For the purpose').inputValue()).toBe('HEALTH_SERVICE');
  expect(faults).toEqual([]);
});

test('every example answers without an error, for each persona that it is for', async () => {
  const { page } = await openPlayground();
  await schemaKnown(page);
  const trouble: string[] = [];
  for (const { name, personas } of readQuestions()) {
    for (const persona of personas) {
      await choose(page, persona);
      await schemaKnown(page);
      await openExample(page, name);
      await schemaKnown(page);
      const answered = page.waitForResponse((r) => r.url().endsWith('/graphql') && (r.request().postData() ?? '').includes(` ${name}`));
      await runQuery(page);
      const answer: { data?: object; errors?: object[] } = await (await answered).json();
      const refusals = JSON.stringify(answer).match(/"refusals":\[.*?\]/)?.[0];
      if (answer.errors || refusals) trouble.push(`${name} as ${persona}: ${refusals ?? JSON.stringify(answer.errors)}`);
    }
  }
  expect(trouble).toEqual([]);
}, 120_000);

test('expired tokens are fetched anew without a word', async () => {
  stub.handOutExpired();
  const { page } = await openPlayground(stub.url);
  await schemaKnown(page);
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('a gateway that went away is said, with what to do', async () => {
  const { page } = await openPlayground(stub.url);
  await schemaKnown(page);
  await page.context().setOffline(true);
  await runQuery(page);
  await page.getByRole('alert').getByText('The gateway does not answer.').waitFor();
  await shoot(page, 'unreachable');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await schemaKnown(page);
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('without personas, as in production, a token is pasted', async () => {
  const production = await startStubGateway({ isLocal: false });
  try {
    const { page } = await openPlayground(production.url);
    await schemaKnown(page);
    await page.getByLabel('Token').fill('not a token');
    await page.getByRole('button', { name: 'Use it' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('The token was refused.');
    await shoot(page, 'token-refused');
  } finally {
    await production.stop();
  }
});
