import { isDeepStrictEqual } from 'node:util';
import { load, loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { listFiles, readFile } from './read-tracked-files.ts';

const isApplied = (path: string): boolean => /\.(yaml|yml|json)$/.test(path);

test.each(['crds', 'examples'])('kubectl apply -f %s meets nothing that is no object of the API', (folder) => {
  // kubectl looks into no folders beneath.
  const files = listFiles(folder).filter((path) => isApplied(path) && !path.slice(folder.length + 1).includes('/'));
  expect(files.length).toBeGreaterThan(2);
  const named = load(readFile(`${folder}/Kustomization`)) as { resources: string[] };
  expect(files.toSorted()).toEqual(named.resources.map((name) => `${folder}/${name}`).toSorted());
});

test('no role says a rule twice', () => {
  const roles = listFiles('manifests')
    .filter((path) => isApplied(path) && !path.includes('/chart/templates/'))
    .flatMap((path) => loadAll(readFile(path)) as { metadata?: { name: string }; rules?: object[] }[]);
  const twice = roles.filter(({ rules = [] }) =>
    rules.some((rule, i) => rules.slice(i + 1).some((other) => isDeepStrictEqual(rule, other))),
  );
  expect(twice.map(({ metadata }) => metadata?.name)).toEqual([]);
});
