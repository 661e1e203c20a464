import { expect, test } from 'vitest';
import { buildViewerRights } from '../../../../src/gateway/reports/viewer-rights.ts';
import { KubeError, type KubeErrorCode } from '../../../../src/kube/kube-error.ts';

interface Question {
  readonly token: string;
  readonly path: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An API server that lets `good` get Connections of `shop`, and says `trouble` to everybody while there is some. */
function buildApi() {
  const asked: Question[] = [];
  const state: { trouble: KubeErrorCode | undefined; now: number; open: number; hold?: Promise<void> } = {
    trouble: undefined,
    now: 0,
    open: 0,
  };
  const rights = buildViewerRights({
    uptime: () => state.now,
    open: (token) => {
      state.open++;
      return {
        create: async <T>(path: string, body: object): Promise<T> => {
          const { spec } = body as { spec: { resourceAttributes: Record<string, string> } };
          asked.push({ token, path, attributes: spec.resourceAttributes });
          await state.hold;
          if (state.trouble !== undefined) throw new KubeError({ code: state.trouble, status: 0, sentence: 'no' });
          return { status: { allowed: token === 'good' && spec.resourceAttributes.namespace === 'shop' } } as T;
        },
        close: async () => void state.open--,
      };
    },
  });
  return { rights, asked, state };
}

test('asks with the viewer’s own token whether these Connections may be got, and closes what it opened', async () => {
  const { rights, asked, state } = buildApi();
  expect(await rights.check('good', { namespace: 'shop', name: 'erp' })).toBe('allowed');
  expect(await rights.check('good', {})).toBe('denied');
  expect(await rights.check('other', { namespace: 'shop' })).toBe('denied');
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const common = { group: 'connect.pim.dev', resource: 'connections', verb: 'get' };
  expect(asked).toEqual([
    { token: 'good', path, attributes: { ...common, namespace: 'shop', name: 'erp' } },
    { token: 'good', path, attributes: { ...common, namespace: '', name: '' } },
    { token: 'other', path, attributes: { ...common, namespace: 'shop', name: '' } },
  ]);
  expect(state.open).toBe(0);
});

test('an answer is good for ten seconds, for this token and question alone', async () => {
  const { rights, asked, state } = buildApi();
  await Promise.all(Array.from({ length: 50 }, () => rights.check('good', { namespace: 'shop' })));
  expect(asked).toHaveLength(1);
  state.now = 9_999;
  await rights.check('good', { namespace: 'shop' });
  expect(asked).toHaveLength(1);
  await rights.check('other', { namespace: 'shop' });
  state.now = 10_000;
  await rights.check('good', { namespace: 'shop' });
  expect(asked).toHaveLength(3);
});

test.each([
  ['Unauthorized', 'unknown'],
  ['Forbidden', 'denied'],
  ['Timeout', 'unavailable'],
  ['Unavailable', 'unavailable'],
] as const)('%s means %s', async (trouble, right) => {
  const { rights, state } = buildApi();
  state.trouble = trouble;
  expect(await rights.check('good', { namespace: 'shop' })).toBe(right);
  expect(state.open).toBe(0);
});

test('trouble is not remembered', async () => {
  const { rights, state } = buildApi();
  state.trouble = 'Unavailable';
  expect(await rights.check('good', { namespace: 'shop' })).toBe('unavailable');
  state.trouble = undefined;
  expect(await rights.check('good', { namespace: 'shop' })).toBe('allowed');
});

test('a flood of tokens reaches the API server in small numbers', async () => {
  const { rights, asked, state } = buildApi();
  let go = (): void => undefined;
  state.hold = new Promise((resolve) => {
    go = resolve;
  });
  const answers = Array.from({ length: 100 }, (_, i) => rights.check(`made up ${i}`, {}));
  await Promise.resolve();
  expect(asked.length).toBeLessThanOrEqual(32);
  go();
  expect((await Promise.all(answers)).filter((right) => right === 'unavailable')).toHaveLength(68);
});
