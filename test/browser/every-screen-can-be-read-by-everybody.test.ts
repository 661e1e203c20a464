import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { applyFolder } from '../../tools/apply-project.ts';
import { ConnectionDesk } from '../cluster/connections/connection-desk.ts';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { sharedCluster } from '../cluster/control-plane/shared-cluster.ts';
import { callStatus, openSession } from '../cluster/gateway/gateway-client.ts';
import { findViolations, takeScreenshot, usePages } from './use-pages.ts';

const scene = usePages();
const desk = new ConnectionDesk('connectors');
const here = '/connections/connectors/erp';

interface Screen {
  readonly name: string;
  readonly path: string;
  /** Text that is there once everything is. */
  readonly shows: string;
  readonly before?: (page: Page) => Promise<void>;
}

const screens: readonly Screen[] = [
  { name: 'connections', path: '/', shows: 'E-commerce' },
  { name: 'connection', path: here, shows: 'kubectl connection credentials erp -n connectors' },
  { name: 'connection-settings', path: `${here}/settings`, shows: 'Track in Data flows' },
  { name: 'connection-permissions', path: `${here}/permissions`, shows: 'Categories, each with its subtree' },
  { name: 'connection-errors', path: `${here}/errors`, shows: 'newest first' },
  { name: 'connection-history', path: `${here}/history`, shows: 'Requested' },
  {
    name: 'create',
    path: '/create',
    shows: 'The cluster would accept this',
    before: (page) => page.getByLabel('Label', { exact: true }).fill('Magento shop in Lyon'),
  },
  { name: 'roles', path: '/permissions', shows: 'Used by' },
  { name: 'groups', path: '/permissions/groups', shows: 'The whole catalog' },
  { name: 'flows', path: '/flows', shows: 'By connection' },
  {
    name: 'confirm-rotation',
    path: here,
    shows: 'stops at once',
    before: (page) => page.getByRole('button', { name: 'Rotate the client secret' }).click(),
  },
];

/** The examples, a rotation, a suspension, and some traffic with an error: so that every screen has something to show. */
beforeAll(async () => {
  const { kubectl } = sharedCluster();
  await applyFolder(kubectl, 'examples');
  await desk.create('hub', { label: 'Supplier data pool', suspend: true });
  await desk.create('lost', { label: 'Marketplace', flowType: 'Destination', roleRef: { name: 'not-there' } });
  await desk.waitFor('erp', 'Issued');
  await desk.request('erp', 'connect.pim.dev/rotate-password', 'for-the-picture');
  await moveProducts(scene.stage.gateway);
}, 120_000);

async function moveProducts(gateway: string): Promise<void> {
  const send = (token: string, body: object): Promise<number> =>
    callStatus(gateway, '/api/rest/v1/products', token, { method: 'POST', body: JSON.stringify(body) });
  await eventually(async () => {
    const { access } = await openSession(gateway, await desk.texts('erp-credentials'));
    const product = { identifier: `page-${crypto.randomUUID()}`, categories: ['tents'] };
    expect(await send(access, product)).toBe(201);
    // The same once more: a business error.
    expect(await send(access, product)).toBe(422);
  });
}

const themes = ['light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Colours depend on the theme; everything else that axe looks for is the same in both, and is looked for in the light. */
async function look(page: Page, theme: Theme, { name, shows, before }: Screen): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [size, width, height] of [
    ['desktop', 1280, 800],
    ['phone', 390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    if (size === 'desktop') await before?.(page);
    await page.getByText(shows).first().waitFor();
    const violations = await findViolations(page, theme === 'light' ? 'all' : 'colours');
    found.push(...violations.map((violation) => `${name} ${theme} ${size}: ${violation}`));
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (wide > width) found.push(`${name} is wider than a ${size}`);
    await takeScreenshot(page, `${name}-${theme}-${size}`);
  }
  return found;
}

/** One page in each theme, side by side. */
async function lookInBothThemes(user: string | undefined, shown: readonly Screen[]): Promise<void> {
  const found = await Promise.all(
    themes.map(async (theme) => {
      const allowErrors = [/status of 40[13]/];
      const page = await scene.open({ ...(user !== undefined && { user }), theme, allowErrors });
      // Signed in: leaving earlier would take the code along.
      if (user !== undefined) await page.getByLabel(/^Signed in as/).waitFor();
      const violations: string[] = [];
      for (const screen of shown) {
        // As a click on a link does, without loading the page anew.
        await page.evaluate(`history.pushState(null, '', ${JSON.stringify(screen.path)})`);
        violations.push(...(await look(page, theme, screen)));
      }
      return violations;
    }),
  );
  expect(found.flat()).toEqual([]);
}

test(
  'axe finds nothing serious on any screen, in both themes, on a desk and on a phone',
  {
    timeout: 180_000,
  },
  () => lookInBothThemes('admin', screens),
);

test('nor on the sign-in, which says how to get a token', () =>
  lookInBothThemes(undefined, [{ name: 'sign-in', path: '/', shows: 'kubectl connection dashboard' }]));

test('nor where there is nothing to show: every empty screen says what to do', () =>
  lookInBothThemes('olga', [{ name: 'empty', path: '/', shows: 'Which namespaces?' }]));

test('a token that is refused is said to be so beside its field', async () => {
  const page = await scene.open({ allowErrors: [/status of 401/] });
  await page.getByLabel('Token').fill('not-a-token');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Token').and(page.locator('[aria-invalid="true"]')).waitFor();
});
