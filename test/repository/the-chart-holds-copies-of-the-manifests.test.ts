import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { buildCopies, buildValuesSchema, copiesFolder, valuesSchemaFile } from '../../tools/generate-chart.ts';
import { listFiles, readFile } from './read-tracked-files.ts';

const chart = 'manifests/chart';

test('everything in manifests/chart/generated is a copy of its original (else: npm run generate)', async () => {
  const copies = await buildCopies();
  expect(copies.size).toBeGreaterThan(10);
  expect(listFiles(copiesFolder).sort()).toEqual([...copies.keys()].sort());
  for (const [path, text] of copies) expect([path, readFile(path)]).toEqual([path, text]);
});

test('the schema of the values names the fields that the gateway reads (else: npm run generate)', async () => {
  expect(readFile(valuesSchemaFile)).toBe(await buildValuesSchema());
});

test('the chart and the images in the manifests have the version of package.json', () => {
  const { version } = JSON.parse(readFile('package.json')) as { version: string };
  expect(load(readFile(`${chart}/Chart.yaml`))).toMatchObject({ version, appVersion: version });
  const images = listFiles('manifests')
    .filter((path) => path.endsWith('deployment.yaml') && !path.startsWith(chart))
    .map((path) => /^ +image: (\S+)$/m.exec(readFile(path))?.[1]);
  const { image } = load(readFile(`${chart}/values.yaml`)) as { image: { repository: string } };
  expect(images.length).toBeGreaterThan(1);
  expect(new Set(images)).toEqual(new Set([`${image.repository}:${version}`]));
});

/** Paths of every value, as `gateway.store`; maps that are values themselves end a path. */
function listValues(values: object, path = ''): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const below = path === '' ? name : `${path}.${name}`;
    const isValue = typeof value !== 'object' || value === null || Array.isArray(value) || wholes.includes(name);
    return isValue || Object.keys(value).length === 0 ? [below] : listValues(value, below);
  });
}

const wholes = ['resources', 'config', 'nodeSelector', 'tolerations', 'affinity', 'annotations'];

test('README.md of the chart has a line for each value, and no other', () => {
  const rows = [...readFile(`${chart}/README.md`).matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(listValues(load(readFile(`${chart}/values.yaml`)) as object));
});
