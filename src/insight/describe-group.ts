import { type AxisRights, type CodeSet, readRights } from '../access/group-rights.ts';
import type { ConnectionGroupSpec } from '../api/generated/connection-group.ts';
import { describeNamespaces } from './describe-namespaces.ts';
import { joinWords } from './join-words.ts';

/**
 * What a group sees, edits and owns, a sentence each; rights that include others are spelled out. Never empty.
 */
export function describeGroup(spec: ConnectionGroupSpec): readonly string[] {
  return [...describeCatalog(spec), ...describeNamespaces(spec.namespaces)];
}

function describeCatalog(spec: ConnectionGroupSpec): readonly string[] {
  const read = readRights(spec);
  switch (read.kind) {
    case 'open':
      return ['The whole catalog: sees, edits and owns everything.'];
    case 'nothing':
      return ['Nothing of the catalog: product lists are empty, each single product is not found.'];
    case 'restricted': {
      const { categories, attributeGroups, locales } = read.rights;
      return [
        'A part of the catalog: a value is seen where category, attribute group and locale allow it.',
        describeAxis('Categories, each with its subtree', categories, true),
        describeAxis('Attribute groups', attributeGroups, false),
        describeAxis('Locales', locales, false),
        'Product data only through the routes of products, product models, published products and single media files.',
      ];
    }
  }
}

function describeAxis(name: string, { view, edit, own }: AxisRights, hasOwn: boolean): string {
  const rights = [`sees ${describeCodes(view)}`, `edits ${describeCodes(edit)}`];
  return `${name}: ${[...rights, ...(hasOwn ? [`owns ${describeCodes(own)}`] : [])].join('; ')}.`;
}

function describeCodes(codes: CodeSet): string {
  if (codes === 'all') return 'all';
  return codes.size === 0 ? 'none' : joinWords([...codes].sort());
}
