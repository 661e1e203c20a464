import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { usePages } from './use-pages.ts';

const scene = usePages();

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Asks the server from within the page, with whatever cookies the browser has. */
function ask(page: Page, path: string, body?: object): Promise<Reply> {
  return page.evaluate(
    async ([asked = '', sent]) => {
      const json = { 'content-type': 'application/json' };
      const answer = await fetch(asked, sent === undefined ? {} : { method: 'POST', headers: json, body: sent });
      return { status: answer.status, body: await answer.json() };
    },
    [path, body && JSON.stringify(body)] as const,
  );
}

test('a code signs the browser in, as whoever it was made for, and no second one', async () => {
  const allowErrors = [/status of (401|503)/];
  const [page, other] = [await scene.open({ allowErrors }), await scene.open({ allowErrors })];
  const code = await scene.createCode('alice');
  expect(await ask(page, '/api/session')).toEqual({ status: 200, body: null });
  expect(await ask(page, '/api/session', { code })).toMatchObject({ status: 200, body: { user: 'alice' } });
  expect(await ask(other, '/api/session', { code })).toMatchObject({ status: 401, body: { reason: 'WrongCode' } });
  expect(await ask(page, '/api/session')).toMatchObject({ status: 200, body: { user: 'alice', mode: 'token' } });
  expect(await ask(other, '/api/session')).toEqual({ status: 200, body: null });
  expect(await page.evaluate('document.cookie')).toBe('');
});
