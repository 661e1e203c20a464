import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sendTogether } from '../../../../src/gateway/server/send-together.ts';

function ask(count: number): readonly number[] {
  const sent: number[] = [];
  for (let index = 0; index < count; index++) sendTogether(() => sent.push(index));
  return sent;
}

test('nothing is sent before the end of the turn, then all of it in order', async () => {
  const sent = ask(3);
  await Promise.resolve();
  expect(sent).toEqual([]);
  await turn();
  expect(sent).toEqual([0, 1, 2]);
});

test('no more than 32 wait for each other', async () => {
  const sent = ask(70);
  expect(sent.length).toBe(64);
  await turn();
  expect(sent).toEqual(Array.from({ length: 70 }, (_, index) => index));
});

test('what is sent may lead to more, which has its own turn', async () => {
  const sent: string[] = [];
  sendTogether(() => sendTogether(() => sent.push('second')));
  await turn();
  await turn();
  expect(sent).toEqual(['second']);
});
