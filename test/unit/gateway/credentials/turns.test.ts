import { expect, test } from 'vitest';
import { buildTurns } from '../../../../src/gateway/credentials/turns.ts';

/** Work that ends when it is told to. */
function buildWork(log: string[], name: string): { work: () => Promise<string>; finish: () => void } {
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const work = async (): Promise<string> => {
    log.push(`${name} begins`);
    await done;
    log.push(`${name} ends`);
    return name;
  };
  return { work, finish };
}

test('one at a time for a key, in order, and other keys beside it', async () => {
  const turns = buildTurns(2);
  const log: string[] = [];
  const [a, b, c, other] = ['a', 'b', 'c', 'other'].map((name) => buildWork(log, name));
  if (!a || !b || !c || !other) throw new Error();
  const results = [turns.take('k', a.work), turns.take('k', b.work), turns.take('k', c.work)];
  const beside = turns.take('l', other.work);
  for (const { finish } of [c, b, other, a]) finish();
  expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
  expect(await beside).toBe('other');
  const own = log.filter((line) => !line.startsWith('other'));
  expect(own).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('full at once when so many wait', async () => {
  const turns = buildTurns(2);
  const log: string[] = [];
  const works = ['a', 'b', 'c', 'd'].map((name) => buildWork(log, name));
  const results = works.map(({ work }) => turns.take('k', work));
  expect(await results[3]).toBe('full');
  for (const { finish } of works) finish();
  expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'full']);
  const again = buildWork(log, 'again');
  again.finish();
  expect(await turns.take('k', again.work)).toBe('again');
});

test('work that throws hands the turn on', async () => {
  const turns = buildTurns(2);
  const broken = turns.take('k', async () => {
    throw new Error('broken');
  });
  const next = turns.take('k', async () => 'next');
  await expect(broken).rejects.toThrow('broken');
  expect(await next).toBe('next');
});

test('whoever comes while a turn is handed on does not go first', async () => {
  const turns = buildTurns(5);
  const order: string[] = [];
  const take = (name: string): Promise<unknown> =>
    turns.take('k', async () => {
      order.push(name);
      if (name === 'a') queueMicrotask(() => void take('late'));
    });
  await Promise.all([take('a'), take('b'), take('c')]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(['a', 'b', 'c', 'late']);
});
