import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/kube/kube-object.ts';
import { type Change, WatchedStore } from '../../../src/kube/object-store.ts';

interface Thing extends KubeObject {
  readonly roles: readonly string[];
}

function thing(name: string, version: number, roles: readonly string[] = [], uid = `uid-${name}`): Thing {
  return { metadata: { namespace: 'team', name, uid, resourceVersion: `${version}` }, roles };
}

const types = (changes: readonly Change<Thing>[]): string[] =>
  changes.map(({ type, object }) => `${type} ${object.metadata.resourceVersion}`);

describe('observe', () => {
  test('takes a newer answer, not an older one', () => {
    const store = new WatchedStore<Thing>();
    store.take(thing('a', 10));
    store.observe(thing('a', 9));
    expect(store.get('team', 'a')).toEqual(thing('a', 10));
    store.observe(thing('a', 11));
    expect(store.get('team', 'a')).toEqual(thing('a', 11));
  });

  test('an answer that comes after the deletion does not bring the object back', () => {
    const store = new WatchedStore<Thing>();
    store.take(thing('a', 10));
    store.drop('team', 'a', '12');
    store.advance(undefined, '12');
    store.observe(thing('a', 11));
    expect(store.get('team', 'a')).toBeUndefined();
  });

  test('the echo is no change, the next write is one', () => {
    const store = new WatchedStore<Thing>();
    store.take(thing('a', 10));
    store.observe(thing('a', 11));
    expect(store.take(thing('a', 11))).toEqual([]);
    expect(types(store.take(thing('a', 12)))).toEqual(['modified 12']);
  });

  test("somebody else's write before our own is told, with the newer state", () => {
    const store = new WatchedStore<Thing>();
    store.take(thing('a', 10));
    store.observe(thing('a', 12));
    expect(types(store.take(thing('a', 11)))).toEqual(['modified 12']);
    expect(store.take(thing('a', 12))).toEqual([]);
    expect(store.get('team', 'a')).toEqual(thing('a', 12));
  });

  test('what was created survives a list that began before it', () => {
    const store = new WatchedStore<Thing>();
    store.advance('team', '10');
    store.observe(thing('a', 12));
    expect(store.keepOnly(new Set(), 'team', '11')).toEqual([]);
    expect(store.size).toBe(1);
    expect(types(store.keepOnly(new Set(), 'team', '13'))).toEqual(['deleted 12']);
  });

  test('a deletion that came before our own write leaves it', () => {
    const store = new WatchedStore<Thing>();
    store.take(thing('a', 10));
    store.observe(thing('a', 15, [], 'second'));
    store.drop('team', 'a', '12');
    expect(store.get('team', 'a')?.metadata.uid).toBe('second');
  });

  test('each namespace has its own watch to be behind', () => {
    const store = new WatchedStore<Thing>();
    store.advance('other', '100');
    store.advance('team', '10');
    store.observe(thing('a', 50));
    expect(store.size).toBe(1);
  });
});

test('a list drops objects of its own namespace only', () => {
  const store = new WatchedStore<Thing>();
  store.take(thing('a', 1));
  store.take({ ...thing('b', 2), metadata: { ...thing('b', 2).metadata, namespace: 'other' } });
  expect(types(store.keepOnly(new Set(), 'team', '9'))).toEqual(['deleted 1']);
  expect([...store.values()]).toHaveLength(1);
});

test('an object of the same name with another uid is another object', () => {
  const store = new WatchedStore<Thing>();
  store.take(thing('a', 1));
  expect(types(store.take(thing('a', 5, [], 'second')))).toEqual(['deleted 1', 'added 5']);
});

test('after history was turned back, older counts', () => {
  const store = new WatchedStore<Thing>();
  store.take(thing('a', 100));
  store.observe(thing('b', 110));
  store.distrust(undefined);
  expect(types(store.take(thing('a', 50)))).toEqual(['modified 50']);
  expect(types(store.keepOnly(new Set(['team/a']), undefined, '60'))).toEqual(['deleted 110']);
  store.observe(thing('a', 51));
  expect(store.get('team', 'a')).toEqual(thing('a', 51));
});

test('an index holds what its function says, whatever happened before', () => {
  const step = fc.record({
    what: fc.constantFrom('take', 'observe', 'drop'),
    name: fc.constantFrom('a', 'b', 'c'),
    roles: fc.uniqueArray(fc.constantFrom('user', 'admin', 'guest')),
    uid: fc.constantFrom('1', '2'),
  });
  fc.assert(
    fc.property(fc.array(step), fc.nat(10), (steps, later) => {
      const store = new WatchedStore<Thing>();
      const early = store.addIndex(({ roles }) => roles);
      let late = early;
      steps.forEach(({ what, name, roles, uid }, index) => {
        if (index === later) late = store.addIndex(({ roles: other }) => other);
        if (what === 'drop') store.drop('team', name, `${1_000 + index}`);
        else store[what as 'take' | 'observe'](thing(name, 1_000 + index, roles, uid));
      });
      for (const role of ['user', 'admin', 'guest', 'nobody']) {
        const expected = new Set([...store.values()].filter(({ roles }) => roles.includes(role)));
        for (const index of [early, late]) {
          expect(new Set(index.get(role))).toEqual(expected);
          expect(index.count(role)).toBe(expected.size);
        }
      }
    }),
  );
});

test('the changes that are told add up to the store, own writes aside', () => {
  const step = fc.record({ drop: fc.boolean(), name: fc.constantFrom('a', 'b'), uid: fc.constantFrom('1', '2') });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const store = new WatchedStore<Thing>();
      const folded = new Map<string, Thing>();
      steps.forEach(({ drop, name, uid }, index) => {
        const changes = drop
          ? store.drop('team', name, `${1_000 + index}`)
          : store.take(thing(name, 1_000 + index, [], uid));
        for (const { type, object, previous } of changes) {
          expect(previous).toBe(folded.get(name));
          if (type === 'deleted') folded.delete(name);
          else folded.set(name, object);
        }
      });
      expect(new Set(folded.values())).toEqual(new Set(store.values()));
    }),
  );
});
