import fc from 'fast-check';
import type { ConnectionSpec, RotationSpec } from '../../../../src/api/generated/connection.ts';
import { type Part, rotationAnnotations } from '../../../../src/api/names.ts';
import type { WorldOptions } from './world.ts';

/** One thing that happens to a world. Plain data, so that a failing story can be read and shrunk. */
export type Command =
  | { readonly do: 'write' | 'step'; readonly who: number; readonly times: number }
  | { readonly do: 'pass' | 'crash' | 'loseAnswer' | 'learnKeys'; readonly who: number }
  | { readonly do: 'deliver'; readonly who: number; readonly most: number }
  | { readonly do: 'editValue'; readonly part: Part; readonly to: 'text' | 'forged' | 'gone' | 'other part' }
  | { readonly do: 'editSecret'; readonly what: SecretEdit }
  | { readonly do: 'putOldBack'; readonly age: number }
  | { readonly do: 'deleteSecret' | 'foreignSecret' | 'removeForeign' | 'makeImmutable' }
  | { readonly do: 'annotate'; readonly annotation: Annotation; readonly token: string | undefined }
  | { readonly do: 'rotation'; readonly spec: RotationSpec | undefined }
  | { readonly do: 'data'; readonly template: string | undefined }
  | { readonly do: 'toggle'; readonly what: 'suspend' | 'htpasswd' | 'label' | 'role' | 'quota' }
  | { readonly do: 'clock'; readonly minutes: number }
  | { readonly do: 'skew'; readonly who: number; readonly minutes: number }
  | { readonly do: 'rotateKeys' | 'dropKeys' | 'loseKeys' }
  | { readonly do: 'restore'; readonly age: number };

const annotationNames = ['rotateClientSecret', 'rotatePassword', 'rotate', 'revoke'] as const;
export type Annotation = (typeof annotationNames)[number];
const secretEdits = ['client id', 'template key', 'extra key', 'our label', 'owner', 'mark', 'mark text'] as const;
export type SecretEdit = (typeof secretEdits)[number];

const who = fc.constantFrom(0, 0, 0, 1);
const of = <T extends Command['do']>(name: T) => fc.constant(name);

/** What operators and time do. */
export const machineCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: of('write'), who, times: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: of('step'), who, times: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 6, arbitrary: fc.record({ do: of('pass'), who }) },
  { weight: 2, arbitrary: fc.record({ do: of('crash'), who }) },
  { weight: 1, arbitrary: fc.record({ do: of('loseAnswer'), who }) },
  { weight: 4, arbitrary: fc.record({ do: of('deliver'), who, most: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ do: of('clock'), minutes: fc.constantFrom(1, 10, 61, 200, 2000, -30) }) },
);

/** What people ask for in the way that was meant. */
export const requestCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: of('annotate'),
      annotation: fc.constantFrom(...annotationNames),
      token: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', undefined),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: of('rotation'),
      spec: fc.constantFrom<(RotationSpec | undefined)[]>(
        undefined,
        { overlap: '0s' },
        { overlap: '1h' },
        { overlap: '100h' },
        { interval: '2h', overlap: '0s' },
        { interval: '3h', overlap: '1h30m' },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: of('data'),
      template: fc.constantFrom(undefined, '{{clientId}}:{{clientSecret}}@', '{{password}}', '{{broken'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: of('toggle'),
      what: fc.constantFrom('suspend' as const, 'htpasswd' as const, 'label' as const),
    }),
  },
);

/** What people and clusters do to it. */
export const troubleCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: of('editValue'),
      part: fc.constantFrom<Part[]>('clientSecret', 'password'),
      to: fc.constantFrom('text' as const, 'forged' as const, 'gone' as const, 'other part' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: of('editSecret'), what: fc.constantFrom(...secretEdits) }) },
  { weight: 3, arbitrary: fc.record({ do: of('putOldBack'), age: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: of('deleteSecret') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('foreignSecret' as const, 'removeForeign' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: of('makeImmutable') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: of('toggle'), what: fc.constantFrom('role' as const, 'quota' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: of('skew'), who, minutes: fc.constantFrom(0, 5, -5, 0.5) }) },
  { weight: 1, arbitrary: fc.record({ do: of('restore'), age: fc.nat(3) }) },
);

/** What happens to the keys. */
export const keyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: of('rotateKeys') }) },
  { weight: 1, arbitrary: fc.record({ do: of('dropKeys') }) },
  { weight: 2, arbitrary: fc.record({ do: of('learnKeys'), who }) },
);

export const keyLoss: fc.Arbitrary<Command> = fc.record({ do: of('loseKeys') });

/** How a world begins. */
export const beginning: fc.Arbitrary<WorldOptions> = fc.record(
  {
    seed: fc.integer(),
    spec: fc.constantFrom<Partial<ConnectionSpec>[]>(
      { rotation: { overlap: '1h' } },
      { rotation: { interval: '2h', overlap: '30m' } },
      { suspend: true },
      { secret: { htpasswd: true, data: { DSN: '{{clientId}}:{{clientSecret}}@' } } },
    ),
    annotations: fc.constantFrom<Record<string, string>[]>(
      { [rotationAnnotations.rotate]: 'a' },
      { [rotationAnnotations.revoke]: 'a', [rotationAnnotations.rotatePassword]: 'b' },
    ),
    gatewayUrl: fc.constant('https://api.example.com'),
    given: fc.constantFrom<Record<string, string>[]>(
      {
        'client-id': '1_abc',
        'client-secret': 'given-secret',
        username: 'shop_1',
        password: 'given-password',
        note: 'x',
      },
      { 'client-secret': 'given-secret' },
      { password: 'given-password', auth: 'someone:hash', uri: 'https://old.example.com' },
      { 'client-secret': 'given-secret', password: 'with a newline\n' },
    ),
  },
  { requiredKeys: ['seed'] },
);
