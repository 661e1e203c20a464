import type { Connection } from '../api/generated/connection.ts';
import { defaultGroup, defaultRole, parts } from '../api/names.ts';
import { joinWords } from './join-words.ts';
import { partWords } from './part-words.ts';

/** What the object itself shows, without a clock: the operator says it in the message of `Ready` too. */
export interface Hint {
  readonly kind: 'adopted' | 'defaultRole' | 'defaultGroup';
  readonly sentence: string;
}

/** What the owner of a Connection should change although it works: adopted values, the default role and group. */
export function findHints({ spec, status }: Pick<Connection, 'spec' | 'status'>): readonly Hint[] {
  const adopted = status?.credentials?.adopted ?? [];
  const values = parts.filter((part) => adopted.includes(part));
  const [were, them] = values.length > 1 ? ['were', 'them'] : ['was', 'it'];
  const what = joinWords(values.map((part) => partWords[part]));
  const hints: readonly (Hint | false)[] = [
    values.length > 0 && {
      kind: 'adopted',
      sentence: `The ${what} ${were} adopted, not generated: rotate ${them} when the connector allows it.`,
    },
    (spec.roleRef?.name ?? defaultRole) === defaultRole && {
      kind: 'defaultRole',
      sentence: `It keeps the default role ${defaultRole}, which may list everything: give it a role of its own.`,
    },
    (spec.groupRef?.name ?? defaultGroup) === defaultGroup && {
      kind: 'defaultGroup',
      sentence: `It keeps the default group ${defaultGroup}, which sees and edits the whole catalog: give it a group of its own.`,
    },
  ];
  return hints.filter((hint) => hint !== false);
}
