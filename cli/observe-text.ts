import type { FileKind } from '../shared/inventory/kinds.ts';
import type { SessionReport } from './session.ts';
import { table } from './table.ts';
import type { Paint } from './terminal.ts';

/** What was written of one target. */
export interface ObservedTarget {
  readonly account: string;
  readonly region: string;
  readonly folder: string;
  /** When reading began, as ISO 8601. */
  readonly observedAt: string;
  readonly kinds: readonly {
    readonly kind: FileKind;
    readonly count: number;
    /** In the folder; absent where there was nothing to write. */
    readonly file?: string;
    /** Why it could not be read. */
    readonly problem?: string;
  }[];
}

export interface ObserveReport extends SessionReport {
  readonly version: 1;
  readonly dir: string;
  readonly targets: readonly ObservedTarget[];
  /** How many lists could not be read. */
  readonly problems: number;
}

const INDENT = '  ';

export const renderObservation = (
  { dir, targets, problems }: ObserveReport,
  paint: Paint,
): readonly string[] => [
  ...targets.flatMap((target) => targetLines(target, paint)),
  ...(problems === 0 ? [] : [paint('yellow', shortfall(problems)), '']),
  `Next: imago audit --from ${dir}`,
];

const targetLines = (
  { account, region, folder, observedAt, kinds }: ObservedTarget,
  paint: Paint,
): readonly string[] => {
  const read = kinds.filter(({ problem }) => problem === undefined);
  const missed = kinds.flatMap(({ kind, problem }) =>
    problem === undefined ? [] : [`${kind}: ${problem}`],
  );
  return [
    paint('bold', `${account}/${region}, observed ${observedAt}`),
    `Written to ${folder}:`,
    ...table(
      read.map(({ kind, count }) => [kind, String(count)]),
      [1],
    ).map(indented),
    ...(missed.length === 0 ? [] : ['Not read, and not written:']),
    ...missed.map(indented),
    '',
  ];
};

const indented = (line: string): string => `${INDENT}${line}`;

const shortfall = (problems: number): string =>
  `${problems === 1 ? 'One list' : `${problems} lists`} could not be read: what is missing counts as unknown, and protects.`;
