import { expect, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import { LiveLists } from '../../../../src/dashboard/page/state/live-lists.ts';
import { connectionOf } from '../../insight/connection-of.ts';

const source = { kind: 'connections' } as const;
const named = (name: string, label = name): Connection => connectionOf({ label }, {}, { name });

function labels(lists: LiveLists): readonly string[] | undefined {
  const { connections } = lists.readChanges();
  return connections && [...connections.values()].map(({ spec }) => spec.label);
}

function listOf(...items: Connection[]): LiveLists {
  const lists = new LiveLists();
  lists.addPage({ ...source, first: true, items });
  lists.finishList(source);
  lists.readChanges();
  return lists;
}

test('the first list is shown while it comes', () => {
  const lists = new LiveLists();
  lists.addPage({ ...source, first: true, items: [named('a')] });
  expect(labels(lists)).toEqual(['a']);
  lists.addPage({ ...source, first: false, items: [named('b')] });
  expect(labels(lists)).toEqual(['a', 'b']);
  expect(labels(lists)).toBeUndefined();
});

test('a list that comes anew replaces the old one when it is complete: what is gone goes, nothing flickers', () => {
  const lists = listOf(named('a'), named('b'));
  lists.addPage({ ...source, first: true, items: [named('b', 'changed')] });
  expect(labels(lists)).toBeUndefined();
  lists.finishList(source);
  expect(labels(lists)).toEqual(['changed']);
});

test('a change while a list comes counts for what is shown and for what comes', () => {
  const lists = listOf(named('a'));
  lists.addPage({ ...source, first: true, items: [named('a')] });
  lists.change({ ...source, type: 'changed', object: named('c') });
  expect(labels(lists)).toEqual(['a', 'c']);
  lists.change({ ...source, type: 'removed', object: named('a') });
  lists.finishList(source);
  expect(labels(lists)).toEqual(['c']);
});

test('what the viewer may not list any more goes, and so does a source that the stream has no more', () => {
  const lists = listOf(named('a'));
  lists.drop(source);
  expect(labels(lists)).toEqual([]);
  const others = listOf(named('a'));
  others.keepOnly([{ kind: 'connections', namespace: 'shop' }]);
  expect(labels(others)).toEqual([]);
});

test('several namespaces are one list', () => {
  const lists = new LiveLists();
  for (const namespace of ['one', 'two']) {
    const item = connectionOf({ label: namespace }, {}, { namespace });
    lists.addPage({ kind: 'connections', namespace, first: true, items: [item] });
  }
  expect(labels(lists)).toEqual(['one', 'two']);
});
