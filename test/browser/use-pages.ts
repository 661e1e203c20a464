import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import type { OneTimeCode } from '../../src/api/dashboard-api.ts';
import { sharedCluster } from '../cluster/control-plane/shared-cluster.ts';
import type { StageDescription } from './stage/start-stage.ts';
import { trustedPicture } from './stage/trusted-image-host.ts';

export interface PageOptions {
  /** Who is signed in: a user of the control plane, `admin` for one who may do everything. Absent: nobody. */
  readonly user?: string;
  /** Where to go; default `/`. */
  readonly path?: string;
  readonly theme?: 'light' | 'dark';
  /** Default: 1280 × 800. `phone`: 390 × 844, with touch. */
  readonly size?: 'desktop' | 'phone';
  /** Another dashboard than the one of the stage. */
  readonly origin?: string;
  /** Name of a time zone. Default: that of this machine. */
  readonly timezone?: string;
  /** Pictures of other origins that the test itself answers: none of them is a trouble. Default: every one is. */
  readonly pictures?: readonly string[];
  /** Console errors that the test is about; any other one fails it. A browser logs every answer from 400 on. */
  readonly allowErrors?: readonly RegExp[];
}

/** Pages of a test file, in one browser. Usable from the first test on. */
export interface PageScene {
  readonly stage: StageDescription;
  /** A page in a profile of its own, until the test is over. */
  open(options?: PageOptions): Promise<Page>;
  /** A code that signs this user in once, within a minute, behind `#code=`. */
  createCode(user: string): Promise<string>;
}

const screens = join(import.meta.dirname, '..', 'out', 'screens');
const onePixel = {
  contentType: 'image/svg+xml',
  body: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
};
const sizes = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

/** Opens pages of the dashboard. After each test none of them has logged an error or asked another server. */
export function usePages(): PageScene {
  const troubles: string[] = [];
  const contexts: BrowserContext[] = [];
  let browser: Browser | undefined;
  const stage = inject('stage');
  beforeAll(async () => {
    browser = await chromium.connect(stage.browser);
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    expect(troubles.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    stage,
    createCode: (user) => createCode(stage.dashboard, tokenOf(user)),
    async open({
      user,
      path = '/',
      theme = 'light',
      size = 'desktop',
      allowErrors = [],
      origin = stage.dashboard,
      timezone,
      pictures = [],
    } = {}) {
      if (browser === undefined) throw new Error('usable from the first test on');
      // What the machine's own language is called here is no name of a language, and charts cannot take it.
      const locale = 'en-GB';
      const context = await browser.newContext({
        ...sizes[size],
        colorScheme: theme,
        // Nothing is caught half way.
        reducedMotion: 'reduce',
        baseURL: origin,
        locale,
        ...(timezone !== undefined && { timezoneId: timezone }),
      });
      contexts.push(context);
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
      const page = await context.newPage();
      // The list of one test shows the Connections of all.
      const answered = [...pictures, trustedPicture];
      for (const picture of answered) await page.route(picture, (route) => route.fulfill(onePixel));
      recordTroubles({ page, origin, pictures: answered, errors: allowErrors }, (trouble) => troubles.push(trouble));
      const code = user === undefined ? undefined : await createCode(origin, tokenOf(user));
      await page.goto(code === undefined ? path : `${path}#code=${code}`);
      return page;
    },
  };
}

/** The token of a user of the control plane. */
export function tokenOf(user: string): string {
  const cluster = sharedCluster();
  const file = user === 'admin' ? cluster.kubeconfig : cluster.kubeconfigFor(user);
  const { users } = JSON.parse(readFileSync(file, 'utf8')) as { users: { user: { token: string } }[] };
  return users[0]?.user.token ?? '';
}

/** Writes what a page shows to `test/out/screens`, for people to look at. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: join(screens, `${name}.png`), animations: 'disabled' });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** A color on its way to another one is none that anybody reads. */
const untilNothingMoves = `(async () => {
  const moving = () => document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  while (moving().length > 0) await Promise.allSettled(moving().map(({ finished }) => finished));
})()`;

/** What axe looks for: everything, or what depends on colours alone. */
export type AxeRules = 'all' | 'colours';

/** Styles are read from the page as it stands; nothing is fetched for it. */
const axeOptions = { resultTypes: ['violations'], preload: false };

/** What axe-core calls serious or critical on a page, each with the element; WCAG 2 A and AA among it. */
export async function findViolations(page: Page, rules: AxeRules = 'all'): Promise<readonly string[]> {
  const options = { ...axeOptions, ...(rules === 'colours' && { runOnly: ['color-contrast'] }) };
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe);
  await page.evaluate(untilNothingMoves);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`));
}

async function createCode(origin: string, token: string): Promise<string> {
  const answer = await fetch(`${origin}/api/codes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', origin },
    body: '{}',
  });
  if (answer.status !== 201) throw new Error(`no code: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as OneTimeCode).code;
}

interface Allowed {
  readonly page: Page;
  readonly origin: string;
  readonly pictures: readonly string[];
  readonly errors: readonly RegExp[];
}

function recordTroubles({ page, origin, pictures, errors }: Allowed, record: (trouble: string) => void): void {
  const recordError = (text: string): void => {
    if (!errors.some((pattern) => pattern.test(text))) record(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      recordError(`${message.type()}: ${message.text()} ${message.location().url}`);
    }
  });
  page.on('pageerror', (error) => recordError(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    const isOwn = !/^(https?|wss?):/.test(url) || new URL(url).origin === origin || pictures.includes(url);
    if (!isOwn) record(`a request to ${url}`);
  });
}
