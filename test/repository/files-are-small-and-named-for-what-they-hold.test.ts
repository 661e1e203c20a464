import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { listFiles, readFile } from './read-tracked-files.ts';

const saysNothing = /^(utils?|helpers?|common|shared|misc|types|index)$/;
const longest = 300;

const sources = listFiles('src').filter((path) => /\.tsx?$/.test(path) && !path.includes('/generated/'));

test('no file or folder of src has a name that says nothing', () => {
  const names = (path: string): string[] => path.split('/').map((part) => posix.parse(part).name);
  expect(sources.filter((path) => names(path).some((name) => saysNothing.test(name)))).toEqual([]);
});

test('names are in kebab case', () => {
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/;
  expect(sources.filter((path) => !kebab.test(posix.basename(path)))).toEqual([]);
});

test(`no file of src is longer than ${longest} lines`, () => {
  const long = sources
    .map((path) => ({ path, lines: readFile(path).split('\n').length - 1 }))
    .filter(({ lines }) => lines > longest);
  expect(long).toEqual([]);
});
